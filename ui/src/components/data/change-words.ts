import type { Change, HistoryEntry, MembersChange, Moved, ResourceRef } from '$lib/api';
import { count, listInWords, plural } from '$lib/format';

/** What a change says in one line of a table: a sentence, or an attribute with its old and new value. */
export type ChangeLine =
  { kind: 'text'; text: string } | { kind: 'field'; field: string; before: string; after: string; more: number };

/** Stands for a value that is not there. */
export const NONE = '(none)';

/**
 * The newest change of a row; `source` created it, so that who did it is said only when it is somebody else. `moved` says
 * how the change of a group touched the row.
 */
export function changeLine(change: Change, source: string, moved: Moved | null = null): ChangeLine {
  if (moved !== null) return text(movedWords(change, moved));
  const isActiveNamed = change.fields.some(({ path }) => path === 'active');
  const others = change.fieldCount - (isActiveNamed ? 1 : 0);
  const also = others === 0 ? '' : `, ${plural(others, 'other change')}`;
  switch (change.kind) {
    case 'created':
      return text(createdWords(change, source));
    case 'deactivated':
      return text(`Deactivated${also}`);
    case 'reactivated':
      return text(`Reactivated${also}`);
    case 'deleted':
      return text('Deleted');
    case 'membersChanged':
      return text(membersWords(change));
    case 'updated':
      return updatedLine(change);
  }
}

/** A change as the heading of its entry in a history; `ofId` is whose history it is. */
export function changeTitle(change: Change, ofId: string): string {
  const by = ` by ${change.actor.name}`;
  if (change.resourceId !== ofId) return membershipWords(change, ofId);
  switch (change.kind) {
    case 'created':
      return `Created${by}`;
    case 'updated':
      return (change.resourceKind === 'user' ? 'Profile updated' : 'Updated') + by;
    case 'deactivated':
      return `Deactivated${by}`;
    case 'reactivated':
      return `Reactivated${by}`;
    case 'deleted':
      return `Deleted${by}`;
    case 'membersChanged':
      return membersWords(change) + by;
  }
}

/** An entry of a history as its heading: the change itself, or what the change of a group means for its member. */
export function entryTitle({ change, moved }: HistoryEntry): string {
  return moved === null ? changeTitle(change, change.resourceId) : movedWords(change, moved);
}

/** The differences that a history entry lists: what only repeats its heading is left out. */
export function changeFields(change: Change): Change['fields'] {
  if (change.kind === 'created' || change.kind === 'deleted') return [];
  const isSaid = change.kind === 'deactivated' || change.kind === 'reactivated';
  return change.fields.filter(({ path }) => !(isSaid && path === 'active'));
}

/** A value as a person writes it: no quotes, no brackets. */
export function valueWords(value: unknown): string {
  if (value === undefined || value === null || value === '') return NONE;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? NONE : value.map(valueWords).join(', ');
  const object = value as Record<string, unknown>;
  const named = object['displayName'] ?? object['display'] ?? object['formatted'] ?? object['value'];
  if (named !== undefined && named !== null) return valueWords(named);
  const parts = Object.values(value).filter((part) => part !== null && part !== '');
  return parts.length === 0 ? NONE : parts.map(valueWords).join(', ');
}

/** A difference as it is read aloud. */
export function spokenDifference(field: Change['fields'][number]): string {
  return `${field.path} changed from ${valueWords(field.before)} to ${valueWords(field.after)}`;
}

function text(words: string): ChangeLine {
  return { kind: 'text', text: words };
}

function createdWords({ actor: { name }, resourceKind, members }: Change, source: string): string {
  const by = name === source ? '' : ` by ${name}`;
  if (resourceKind === 'user') return `Created${by}`;
  const added = members?.addedCount ?? 0;
  return `Created${by}, ${added === 0 ? 'no members yet' : plural(added, 'member')}`;
}

function updatedLine(change: Change): ChangeLine {
  const [first] = change.fields;
  if (first === undefined) return text('Updated');
  return {
    kind: 'field',
    field: first.path,
    before: valueWords(first.before),
    after: valueWords(first.after),
    more: change.fieldCount - 1,
  };
}

function membersWords({ members, resourceKind }: Change): string {
  if (members === null) return 'Members changed';
  const { added, addedCount, removed, removedCount } = members;
  const came = addedCount === 0 ? '' : `Added ${resourceKind === 'user' ? 'to ' : ''}${people(added, addedCount)}`;
  const verb = came === '' ? 'Removed' : 'removed';
  const left =
    removedCount === 0 ? '' : `${verb} ${resourceKind === 'user' ? 'from ' : ''}${people(removed, removedCount)}`;
  return [came, left].filter((part) => part !== '').join(', ') || 'Members changed';
}

/** What the change of a group means for one who came to it, or left it, by that change. */
function movedWords({ resourceName, kind }: Change, moved: Moved): string {
  if (moved === 'came') return `Added to ${resourceName}`;
  return kind === 'deleted' ? `Removed from ${resourceName}, which was deleted` : `Removed from ${resourceName}`;
}

/** What a group's change means for one of its members. */
function membershipWords({ members, resourceName, kind }: Change, id: string): string {
  if (kind === 'deleted' || includes(members?.removed, id)) return `Removed from ${resourceName}`;
  if (includes(members?.added, id)) return `Added to ${resourceName}`;
  return `${resourceName} changed`;
}

function includes(refs: MembersChange['added'] | undefined, id: string): boolean {
  return refs?.some((ref) => ref.id === id) ?? false;
}

/** `Ada Lovelace`, `Ada Lovelace and Alan Turing`, `Ada Lovelace and 2 others` */
function people(refs: ResourceRef[], total: number): string {
  const [first, second] = refs;
  if (first === undefined) return plural(total, 'member');
  if (total === 1) return first.name;
  if (total === 2 && second !== undefined) return listInWords([first.name, second.name]);
  return `${first.name} and ${count(total - 1)} others`;
}
