import { describe, expect, it } from 'vitest';
import type { Change, ResourceRef } from '$lib/api';
import { changeFields, changeLine, changeTitle, entryTitle, spokenDifference, valueWords } from './change-words';

const person = (name: string): ResourceRef => ({ id: name, kind: 'user', name });

function change(part: Partial<Change>): Change {
  return {
    seq: 1,
    at: '2026-06-07T12:03:11.482Z',
    directoryId: 'd1',
    resourceKind: 'user',
    resourceId: 'u1',
    resourceName: 'Ada Lovelace',
    kind: 'updated',
    fieldCount: part.fields?.length ?? 0,
    fields: [],
    members: null,
    actor: { idp: 'okta', name: 'Okta' },
    exchangeId: 1,
    ...part,
  };
}

const members = (added: string[], removed: string[]) => ({
  addedCount: added.length,
  removedCount: removed.length,
  added: added.map(person),
  removed: removed.map(person),
});

const line = (part: Partial<Change>) => {
  const words = changeLine(change(part), 'Okta');
  return words.kind === 'text' ? words.text : `${words.field}: ${words.before} → ${words.after} +${words.more}`;
};

describe('the last change of a row', () => {
  it.each<[string, Partial<Change>]>([
    ['department: Sales → Marketing +0', { fields: [{ path: 'department', before: 'Sales', after: 'Marketing' }] }],
    [
      'title: (none) → Lead +1',
      {
        fields: [
          { path: 'title', after: 'Lead' },
          { path: 'locale', after: 'en' },
        ],
      },
    ],
    ['Updated', { fields: [] }],
    ['Created', { kind: 'created' }],
    ['Created by you', { kind: 'created', actor: { idp: null, name: 'you' } }],
    ['Created, no members yet', { kind: 'created', resourceKind: 'group' }],
    ['Created, 2 members', { kind: 'created', resourceKind: 'group', members: members(['Ada', 'Alan'], []) }],
    ['Deactivated', { kind: 'deactivated', fields: [{ path: 'active', before: true, after: false }] }],
    [
      'Deactivated, 1 other change',
      { kind: 'deactivated', fields: [{ path: 'active' }, { path: 'title', after: 'Alumna' }] },
    ],
    ['Reactivated', { kind: 'reactivated' }],
    ['Deleted', { kind: 'deleted' }],
    ['Added Ada', { kind: 'membersChanged', resourceKind: 'group', members: members(['Ada'], []) }],
    ['Added Ada and Alan', { kind: 'membersChanged', resourceKind: 'group', members: members(['Ada', 'Alan'], []) }],
    [
      'Added Ada and 2 others, removed Joan',
      { kind: 'membersChanged', resourceKind: 'group', members: members(['Ada', 'Alan', 'Kurt'], ['Joan']) },
    ],
    ['Removed Ada', { kind: 'membersChanged', resourceKind: 'group', members: members([], ['Ada']) }],
    ['Added to Network', { kind: 'membersChanged', members: members(['Network'], []) }],
    ['Members changed', { kind: 'membersChanged', resourceKind: 'group' }],
  ])('reads %j', (words, part) => expect(line(part)).toBe(words));
});

describe('an entry of a history', () => {
  it.each<[string, Partial<Change>]>([
    ['Profile updated by Okta', {}],
    ['Updated by Okta', { resourceKind: 'group' }],
    ['Created by Okta', { kind: 'created' }],
    ['Deactivated by Okta', { kind: 'deactivated' }],
    ['Deleted by Okta', { kind: 'deleted' }],
    ['Added Ada by Okta', { kind: 'membersChanged', resourceKind: 'group', members: members(['Ada'], []) }],
  ])('reads %j', (words, part) => expect(changeTitle(change(part), 'u1')).toBe(words));

  it('says what a group’s change means for its member', () => {
    const group = {
      resourceKind: 'group',
      resourceId: 'g1',
      resourceName: 'Marketing',
      kind: 'membersChanged',
    } as const;
    expect(changeTitle(change({ ...group, members: members(['u1'], []) }), 'u1')).toBe('Added to Marketing');
    expect(changeTitle(change({ ...group, members: members([], ['u1']) }), 'u1')).toBe('Removed from Marketing');
  });

  it('says what came of the change of a group', () => {
    const group = { resourceKind: 'group', resourceId: 'g1', resourceName: 'Marketing' } as const;
    const entry = (moved: 'came' | 'left' | null, kind: Change['kind']) =>
      entryTitle({ change: change({ ...group, kind }), moved, request: null });
    expect(entry('came', 'created')).toBe('Added to Marketing');
    expect(entry('left', 'membersChanged')).toBe('Removed from Marketing');
    expect(entry('left', 'deleted')).toBe('Removed from Marketing, which was deleted');
    expect(entry(null, 'deleted')).toBe('Deleted by Okta');
    const words = changeLine(change({ ...group, kind: 'created' }), 'Okta', 'came');
    expect(words).toEqual({ kind: 'text', text: 'Added to Marketing' });
  });

  it('does not repeat in its rows what the heading says', () => {
    const fields = [
      { path: 'active', before: true, after: false },
      { path: 'title', before: 'a', after: 'b' },
    ];
    expect(changeFields(change({ kind: 'deactivated', fields }))).toEqual([fields[1]]);
    expect(changeFields(change({ kind: 'updated', fields }))).toEqual(fields);
    expect(changeFields(change({ kind: 'created', fields }))).toEqual([]);
  });
});

describe('values', () => {
  it('are written without quotes and brackets', () => {
    expect(valueWords('Sales')).toBe('Sales');
    expect(valueWords(true)).toBe('true');
    expect(valueWords(undefined)).toBe('(none)');
    expect(valueWords('')).toBe('(none)');
    expect(valueWords([])).toBe('(none)');
    expect(valueWords({ value: '26118915', displayName: 'Barbara Liskov' })).toBe('Barbara Liskov');
    expect(valueWords([{ value: 'a@b.c', type: 'work' }])).toBe('a@b.c');
    expect(valueWords({ locality: 'Paris', country: 'FR' })).toBe('Paris, FR');
  });

  it('are read aloud as a sentence', () => {
    expect(spokenDifference({ path: 'department', before: 'Sales', after: 'Marketing' })).toBe(
      'department changed from Sales to Marketing',
    );
  });
});
