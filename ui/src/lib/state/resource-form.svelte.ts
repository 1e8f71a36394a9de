import type { ResourceKind } from '$lib/api';
import { words } from '$lib/edit-words';
import { asObject, isObject } from '$lib/json-values';
import { editable, isEditable, type Resource } from './resource-edits';

/** A line of the form. */
export interface ResourceField {
  name: keyof typeof words.dialog.names;
  read: (resource: Resource) => string;
  write: (resource: Resource, text: string) => Resource;
}

/** The lines for each type of resource; whatever else there is, is edited as JSON. */
export const resourceFields: Record<ResourceKind, ResourceField[]> = {
  user: [
    attribute('userName', 'userName'),
    attribute('givenName', 'name', 'givenName'),
    attribute('familyName', 'name', 'familyName'),
    attribute('displayName', 'displayName'),
    { name: 'email', read: readEmail, write: writeEmail },
    attribute('title', 'title'),
  ],
  group: [attribute('groupName', 'displayName')],
};

function attribute(name: ResourceField['name'], ...path: [string, ...string[]]): ResourceField {
  const [first, ...rest] = path;
  return {
    name,
    read: (resource) => text(rest.reduce((value, key) => asObject(value)[key], resource[first])),
    write: (resource, value) => written(resource, first, rest, value),
  };
}

/** The resource with a value at a path; an empty one takes the attribute out, and what is empty then, too. */
function written(resource: Resource, name: string, rest: string[], value: string): Resource {
  const [next, ...others] = rest;
  const { [name]: former, ...kept } = resource;
  if (next === undefined) return value === '' ? kept : { ...resource, [name]: value };
  const inner = written(asObject(former), next, others, value);
  return Object.keys(inner).length === 0 ? kept : { ...resource, [name]: inner };
}

/** The primary address, else the first. */
function readEmail(resource: Resource): string {
  const emails = list(resource['emails']);
  return text(asObject(emails[mainOf(emails)])['value']);
}

function writeEmail(resource: Resource, value: string): Resource {
  const emails = list(resource['emails']);
  const index = mainOf(emails);
  const former = emails[index];
  const email = former === undefined ? { type: 'work', primary: true, value } : { ...asObject(former), value };
  const others = [emails.slice(0, index), emails.slice(index + 1)] as const;
  return { ...resource, emails: [...others[0], ...(value === '' ? [] : [email]), ...others[1]] };
}

function mainOf(emails: unknown[]): number {
  const primary = emails.findIndex((email) => asObject(email)['primary'] === true);
  return Math.max(0, primary);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A user or a group as a person edits it: line by line, or as JSON. */
export class ResourceForm {
  view = $state<'fields' | 'json'>('fields');
  /** What stands in the editor of JSON. */
  json = $state('');
  /** What is wrong with it. */
  problem = $state<string | null>(null);
  #resource = $state.raw<Resource>({});

  constructor(readonly kind: ResourceKind) {}

  /** Begins with what is there. */
  begin(resource: Resource): void {
    this.#resource = editable(resource);
    this.json = this.#text();
  }

  read(field: ResourceField): string {
    return field.read(this.#resource);
  }

  write(field: ResourceField, value: string): void {
    this.#resource = field.write(this.#resource, value);
  }

  /** A user is active unless it says something else (RFC 7643 §4.1.1). */
  get isActive(): boolean {
    return this.#resource['active'] !== false;
  }

  set isActive(active: boolean) {
    this.#resource = { ...this.#resource, active };
  }

  /** Shows the same the other way; JSON that cannot be read stays on screen. */
  show(view: 'fields' | 'json'): void {
    if (view === 'json') this.json = this.#text();
    else if (this.finish() === null) return;
    this.problem = null;
    this.view = view;
  }

  /** What the form holds; `null`: it cannot be read, and `problem` says why. */
  finish(): Resource | null {
    if (this.view === 'fields') return this.#resource;
    try {
      const parsed: unknown = JSON.parse(this.json);
      if (!isObject(parsed)) {
        this.problem = words.dialog.notObject;
        return null;
      }
      const refused = Object.keys(parsed).filter((name) => !isEditable(name));
      if (refused.length > 0) {
        this.problem = words.dialog.notEdited(refused);
        return null;
      }
      this.#resource = parsed;
      return this.#resource;
    } catch (error) {
      this.problem = words.dialog.notJson(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #text(): string {
    return JSON.stringify(this.#resource, null, 2);
  }
}
