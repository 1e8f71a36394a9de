import {
  ApiError,
  type Client,
  type Exchange,
  type GroupDetail,
  type RequestDraft,
  type ResourceKind,
  type UserDetail,
} from '$lib/api';
import { words } from '$lib/edit-words';
import { asObject, isObject, type JsonObject } from '$lib/json-values';

/** A user or a group as SCIM has it (RFC 7643 §3). */
export type Resource = JsonObject;

/** What a PATCH does to one attribute (RFC 7644 §3.5.2). */
interface Operation {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const CORE_SCHEMA: Record<ResourceKind, string> = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
};
const ENDPOINT: Record<ResourceKind, string> = { user: '/Users', group: '/Groups' };

/** What a person does not write: the server does, or it is written elsewhere. */
const NOT_EDITED = new Set(['schemas', 'id', 'meta', 'groups', 'members']);

/** Whether a person writes an attribute. */
export function isEditable(name: string): boolean {
  return !NOT_EDITED.has(name);
}

/** What can be edited of a resource. */
export function editable(resource: Resource): Resource {
  return Object.fromEntries(Object.entries(resource).filter(([name]) => isEditable(name)));
}

/** What makes `after` out of `before`, attribute by attribute, so that nobody's change of another attribute is lost. */
export function operationsBetween(before: Resource, after: Resource): Operation[] {
  return differences(editable(before), editable(after), '', '');
}

function differences(before: Resource, after: Resource, prefix: string, separator: string): Operation[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name): Operation[] => {
    const path = `${prefix}${separator}${name}`;
    const [former, wanted] = [before[name], after[name]];
    if (JSON.stringify(former) === JSON.stringify(wanted)) return [];
    // The attributes of an extension, which is not an attribute itself.
    if (isExtension(name)) return differences(asObject(former), asObject(wanted), path, ':');
    if (isObject(former) && isObject(wanted)) return differences(former, wanted, path, '.');
    return isNothing(wanted) ? [{ op: 'remove', path }] : [{ op: 'replace', path, value: wanted }];
  });
}

function isExtension(name: string): boolean {
  return name.toLowerCase().startsWith('urn:');
}

/** RFC 7643 §2.5: null and an empty array are the same as no value. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** The request that creates a resource. */
export function creation(kind: ResourceKind, resource: Resource): RequestDraft {
  const extensions = Object.keys(resource).filter(isExtension);
  return {
    method: 'POST',
    path: ENDPOINT[kind],
    body: JSON.stringify({ schemas: [CORE_SCHEMA[kind], ...extensions], ...editable(resource) }),
  };
}

/**
 * The request that makes `after` out of `before`, if it is still at the version of `current`; `null`: it is the same.
 */
export function change(
  kind: ResourceKind,
  id: string,
  before: Resource,
  after: Resource,
  current = before,
): RequestDraft | null {
  const operations = operationsBetween(before, after);
  const { version } = asObject(current['meta']);
  const ifMatch = typeof version === 'string' ? { ifMatch: version } : {};
  return operations.length === 0 ? null : { ...patch(kind, id, operations), ...ifMatch };
}

/** The attributes that a person and somebody else have both changed since `before`. */
export function conflictsBetween(before: Resource, mine: Resource, theirs: Resource): string[] {
  const changed = (other: Resource) => operationsBetween(before, other).map(({ path }) => path);
  const their = changed(theirs);
  const overlaps = (one: string, other: string) => one === other || /^[.:[]/.test(one.slice(other.length));
  return changed(mine).filter((path) =>
    their.some(
      (other) => (path.startsWith(other) && overlaps(path, other)) || (other.startsWith(path) && overlaps(other, path)),
    ),
  );
}

/** The request that deactivates or reactivates a user. */
export function activation(id: string, isActive: boolean): RequestDraft {
  return patch('user', id, [{ op: 'replace', path: 'active', value: isActive }]);
}

/** The request that deletes a resource. */
export function deletion(kind: ResourceKind, id: string): RequestDraft {
  return { method: 'DELETE', path: pathOf(kind, id) };
}

/** The request that adds members to a group. */
export function addition(groupId: string, members: string[]): RequestDraft {
  return patch('group', groupId, [{ op: 'add', path: 'members', value: members.map((value) => ({ value })) }]);
}

/** The request that removes a member from a group. */
export function removal(groupId: string, member: string): RequestDraft {
  return patch('group', groupId, [{ op: 'remove', path: `members[value eq ${JSON.stringify(member)}]` }]);
}

function patch(kind: ResourceKind, id: string, operations: Operation[]): RequestDraft {
  const body = JSON.stringify({ schemas: [PATCH_SCHEMA], Operations: operations });
  return { method: 'PATCH', path: pathOf(kind, id), body };
}

function pathOf(kind: ResourceKind, id: string): string {
  return `${ENDPOINT[kind]}/${encodeURIComponent(id)}`;
}

/** Reads a user or a group. */
export function readResource(
  client: Client,
  directoryId: string,
  kind: ResourceKind,
  id: string,
): Promise<UserDetail | GroupDetail> {
  return kind === 'user' ? client.readUser(directoryId, id) : client.readGroup(directoryId, id);
}

/** Sends a request of the person's; one that the directory refuses is thrown with what SCIM says of it. */
export async function send(client: Client, id: string, draft: RequestDraft): Promise<Exchange> {
  const exchange = await client.sendRequest(id, draft);
  const { status } = exchange.row;
  if (status >= 400) throw new ApiError('invalid', detailOf(exchange), null, status);
  return exchange;
}

/** What the directory says of a request that it refuses. */
function detailOf({ row, response }: Exchange): string {
  try {
    const { detail } = JSON.parse(response.body ?? '') as { detail?: unknown };
    if (typeof detail === 'string') return detail;
  } catch {
    // It says nothing that can be read.
  }
  return words.refused(row.status);
}
