import type { Client, Counts, GroupDetail, GroupRow, UserDetail, UserRow } from '$lib/api';
import { words } from '$lib/directory-words';
import { words as peopleWords } from '$lib/people-words';
import { Groups } from '$lib/state/groups.svelte';
import { OpenResource } from '$lib/state/open-resource.svelte';
import type { ResourceList } from '$lib/state/resource-list.svelte';
import { Users } from '$lib/state/users.svelte';

/** The tabs of a directory's page that list resources. */
export type ResourceTabName = 'users' | 'groups';

/** A filter above a list of resources; its value is what the server calls it. */
interface Filter {
  value: string;
  label: string;
  /** How many rows it leaves, as far as that is known before the list has been read. */
  known?: (counts: Counts) => number;
  isWarning?: boolean;
  /** Left out where there is little room. */
  isOptional?: boolean;
  /** It stands there only when there is something in it. */
  isRare?: boolean;
}

/** The head of a column. */
export interface Column {
  label: string;
  /** What the list is sorted by with it. */
  sort?: string;
  isRight?: boolean;
  /** Its cells have more after the number that stands below the head. */
  isShort?: boolean;
  /** Left out where there is little room, or only where there is less. */
  hides?: 'early' | 'late';
}

/** What differs between the lists of users and of groups, and between what is open beside them. */
interface ResourceKind {
  filters: Filter[];
  columns: Column[];
  list: (client: Client, directoryId: string) => ResourceList<UserRow | GroupRow>;
  opened: (client: Client, directoryId: string) => OpenResource;
}

const { filters } = peopleWords;

export const kinds: Record<ResourceTabName, ResourceKind> = {
  users: {
    filters: [
      { value: 'all', label: filters.all, known: ({ users }) => users },
      { value: 'active', label: filters.active, known: ({ activeUsers }) => activeUsers },
      { value: 'deactivated', label: filters.deactivated, known: ({ users, activeUsers }) => users - activeUsers },
      { value: 'changed', label: filters.changed, isOptional: true },
      { value: 'outOfStep', label: filters.outOfStep, isWarning: true, isRare: true },
      { value: 'deleted', label: filters.deleted, isRare: true },
    ],
    columns: [
      { label: words.users.columns.name, sort: 'name' },
      { label: words.users.columns.status, sort: 'status' },
      { label: words.users.columns.groups, sort: 'groups', isRight: true, hides: 'early' },
      { label: words.users.columns.source, hides: 'early' },
      { label: words.users.columns.change, hides: 'late' },
      { label: words.users.columns.when, sort: 'modified', isRight: true },
    ],
    list: (client, directoryId) => new Users(client, directoryId),
    opened: (client, directoryId) =>
      new OpenResource<UserDetail>(
        {
          read: (id) => client.readUser(directoryId, id),
          readHistory: (id, before, limit) => client.readUserHistory(directoryId, id, { before, limit }),
          readAt: (id, seq) => client.readUserAt(directoryId, id, seq),
        },
        directoryId,
      ),
  },
  groups: {
    filters: [
      { value: 'all', label: filters.all, known: ({ groups }) => groups },
      { value: 'withMembers', label: filters.withMembers },
      { value: 'empty', label: filters.empty },
      { value: 'outOfStep', label: filters.unknown, isWarning: true, isRare: true },
      { value: 'deleted', label: filters.deleted, isRare: true },
    ],
    columns: [
      { label: words.groups.columns.name, sort: 'name' },
      { label: words.groups.columns.members, sort: 'members', isRight: true, isShort: true },
      { label: words.groups.columns.source, hides: 'early' },
      { label: words.groups.columns.change, hides: 'late' },
      { label: words.groups.columns.when, sort: 'modified', isRight: true },
    ],
    list: (client, directoryId) => new Groups(client, directoryId),
    opened: (client, directoryId) =>
      new OpenResource<GroupDetail>(
        {
          read: (id) => client.readGroup(directoryId, id),
          readHistory: (id, before, limit) => client.readGroupHistory(directoryId, id, { before, limit }),
          readAt: (id, seq) => client.readGroupAt(directoryId, id, seq),
        },
        directoryId,
      ),
  },
};
