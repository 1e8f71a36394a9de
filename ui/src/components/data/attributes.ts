import { isObject } from '$lib/json-values';
import { valueWords } from './change-words';

/** One attribute of a resource, flattened for people. */
export interface Attribute {
  /** `name.givenName`, `emails[work]`, `department` */
  name: string;
  value: string;
  isPrimary: boolean;
  /** Ids and the like are set in the monospaced face. */
  isMono: boolean;
}

/** Shown elsewhere on the page, or of no use to a person. */
const LEFT_OUT = new Set(['schemas', 'meta', 'groups', 'members', 'active']);
const IDS = ['externalId', 'id'];
const FIRST = ['userName', 'displayName', 'name', 'emails', 'title', 'department'];

/** All attributes that have a value, the most telling first and the ids last; extension attributes by their short names. */
export function attributesOf(resource: unknown): Attribute[] {
  if (!isObject(resource)) return [];
  const entries = Object.entries(resource).flatMap(([name, value]) =>
    /^urn:/i.test(name) && isObject(value) ? Object.entries(value) : [[name, value] as const],
  );
  return entries
    .filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined)
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([name, value]) => flatten(name, value))
    .map((attribute) => ({ ...attribute, isMono: IDS.includes(attribute.name) }));
}

/** Whether a change of `path`, such as `emails[work].value`, concerns the attribute shown as `name`. */
export function isAbout(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`) || name.startsWith(`${path}.`);
}

/** Tells of a line of JSON, by its path, whether one of the paths `changed` concerns it: `emails[work].value` stands in the line `emails.value`. */
export function linesOf(changed: string[]): (path: string) => boolean {
  const plainPaths = changed.map((path) => path.replace(/\[[^\]]*\]/g, ''));
  return (line) => line !== '' && plainPaths.some((path) => isAbout(line, path));
}

type Flat = Omit<Attribute, 'isMono'>;

function flatten(name: string, value: unknown): Flat[] {
  if (Array.isArray(value)) return value.map((item) => element(name, item));
  // A manager is one person, a name is several parts.
  if (isObject(value) && !('value' in value)) {
    return Object.entries(value).flatMap(([part, inner]) => flatten(`${name}.${part}`, inner));
  }
  return isEmpty(value) ? [] : [{ name, value: valueWords(value), isPrimary: false }];
}

function element(name: string, item: unknown): Flat {
  if (!isObject(item)) return { name, value: valueWords(item), isPrimary: false };
  const { type, primary, ...rest } = item;
  const label = typeof type === 'string' && type !== '' ? `${name}[${type}]` : name;
  return { name: label, value: valueWords(rest), isPrimary: primary === true };
}

function rank(name: string): number {
  if (IDS.includes(name)) return 200 + IDS.indexOf(name);
  const place = FIRST.indexOf(name);
  return place < 0 ? 100 : place;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (isObject(value) && Object.keys(value).length === 0);
}
