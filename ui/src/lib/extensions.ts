import type { DeclaredSchema } from '$lib/api';

// Extensions of users and groups as a person types them, `badgeNumber string` in a line, and as RFC 7643 §7 has them.

/** What an attribute can be declared as. `complex` has parts, which a line has no room for. */
export const TYPES = ['string', 'boolean', 'integer', 'decimal', 'dateTime', 'reference', 'binary'] as const;
type SimpleType = (typeof TYPES)[number];

/** An attribute definition, RFC 7643 §7, with whatever else it says. */
export interface AttributeDefinition extends Record<string, unknown> {
  name: string;
  type: SimpleType | 'complex';
  multiValued: boolean;
}

/** The schema of an extension, RFC 7643 §7. */
export interface ExtensionSchema {
  id: string;
  name: string;
  description: string;
  attributes: AttributeDefinition[];
}

/** What is wrong with the lines, and in which of them. */
export interface LineProblem {
  line: number;
  text: string;
  kind: 'shape' | 'type' | 'complex' | 'twice';
}

/** The schema of a declared extension. The server has read it before, so it has this shape. */
export function schemaOf(declared: DeclaredSchema): ExtensionSchema {
  return declared.schema as ExtensionSchema;
}

/** `badgeNumber string`, `doors string[]`. */
export function attributeLine({ name, type, multiValued }: AttributeDefinition): string {
  return `${name} ${type}${multiValued ? '[]' : ''}`;
}

/** The lines that declare `attributes`. */
export function writeAttributes(attributes: readonly AttributeDefinition[]): string {
  return attributes.map(attributeLine).join('\n');
}

/**
 * The attributes that the lines declare, or what is wrong with the first bad line. Empty lines are skipped.
 *
 * A line that still says what one of `known` is stands for that one with all that a line cannot say: its parts, its description, its
 * mutability.
 */
export function readAttributes(
  text: string,
  known: readonly AttributeDefinition[] = [],
): AttributeDefinition[] | LineProblem {
  const attributes: AttributeDefinition[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    if (line === '') continue;
    const problem = (kind: LineProblem['kind']): LineProblem => ({ line: index + 1, text: line, kind });
    const [, name, typed, brackets] = /^(\S+)\s+([A-Za-z]+)\s*(\[\s*\])?$/.exec(line) ?? [];
    if (name === undefined || typed === undefined) return problem('shape');
    if (attributes.some((other) => other.name.toLowerCase() === name.toLowerCase())) return problem('twice');
    const isMulti = brackets !== undefined;
    const type = [...TYPES, 'complex' as const].find((one) => one.toLowerCase() === typed.toLowerCase());
    const kept = known.find((one) => one.name === name && one.type === type && one.multiValued === isMulti);
    if (type === undefined) return problem('type');
    if (kept === undefined && type === 'complex') return problem('complex');
    attributes.push(kept ?? defineAttribute(name, type as SimpleType, isMulti));
  }
  return attributes;
}

/** A name for a schema out of its URN: `urn:…:extension:badge:2.0:User` is called `BadgeUser`, as the RFC's is `EnterpriseUser`. */
export function schemaName(urn: string): string {
  const words = urn
    .split(':')
    .slice(1)
    .filter((part) => /^[A-Za-z]/.test(part));
  const from = words.findIndex((word) => word.toLowerCase() === 'extension');
  const telling = from >= 0 && from < words.length - 1 ? words.slice(from + 1) : words.slice(-1);
  return telling.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('') || 'Extension';
}

/** The extension that the form describes; `before` is the one that it changes. */
export function declare(urn: string, attributes: AttributeDefinition[], before?: ExtensionSchema): ExtensionSchema {
  const id = urn.trim();
  const kept = before?.id === id ? before : undefined;
  return { id, name: kept?.name ?? schemaName(id), description: kept?.description ?? '', attributes };
}

/** With the characteristics that RFC 7643 §2.2 gives to what says nothing else; references and bytes are case-exact (§2.3.6, §2.3.7). */
function defineAttribute(name: string, type: SimpleType, multiValued: boolean): AttributeDefinition {
  const isText = type === 'string' || type === 'reference' || type === 'binary';
  return {
    name,
    type,
    multiValued,
    description: '',
    required: false,
    ...(isText ? { caseExact: type !== 'string' } : {}),
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...(type === 'reference' ? { referenceTypes: ['external'] } : {}),
  };
}
