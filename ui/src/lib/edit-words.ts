import type { ResourceKind } from './api';
import { listInWords, plural } from './format';

// All strings about what a person creates, changes and deletes by hand. The same rules as in words.ts.

export const words = {
  create: { user: 'New user…', group: 'New group…' } satisfies Record<ResourceKind, string>,
  edit: 'Edit…',
  deactivate: 'Deactivate',
  reactivate: 'Reactivate',
  delete: 'Delete…',
  addMembers: 'Add members…',
  removeNamed: (name: string) => `Remove ${name} from the group`,
  notDone: 'That did not work',
  close: 'Close',
  refused: (status: number) => `The directory answered ${status}.`,
  /** Said when it was done and nothing else shows it. */
  done: {
    deactivated: (name: string) => `${name} deactivated`,
    reactivated: (name: string) => `${name} reactivated`,
    deleted: (name: string) => `${name} deleted`,
    removed: (name: string) => `${name} removed from the group`,
  },

  dialog: {
    title: {
      create: { user: 'New user', group: 'New group' } satisfies Record<ResourceKind, string>,
      edit: (name: string) => `Edit ${name}`,
    },
    lead: 'Sent as a SCIM request, and recorded as yours.',
    reading: 'Reading…',
    view: 'Edit as',
    fields: 'Fields',
    json: 'JSON',
    jsonHint: 'Without id, meta, schemas, groups and members, which are not edited here.',
    notEdited: (names: string[]) =>
      `Leave out ${listInWords(names)}: not edited here. Members are added in the group’s list.`,
    notJson: (reason: string) => `This is not JSON: ${reason}`,
    notObject: 'This has to be a JSON object: { … }',
    changedMeanwhile: (paths: string[]) =>
      `Somebody changed ${listInWords(paths)} after you opened this. Save again to overwrite it.`,
    create: 'Create',
    active: 'Active',
    names: {
      userName: 'userName',
      givenName: 'Given name',
      familyName: 'Family name',
      displayName: 'Display name',
      email: 'Email',
      title: 'Title',
      groupName: 'Name',
    },
  },

  /** Who has a name that a request wanted. */
  taken: {
    show: { user: 'Show the user', group: 'Show the group' } satisfies Record<ResourceKind, string>,
    delete: { user: 'Delete the user…', group: 'Delete the group…' } satisfies Record<ResourceKind, string>,
  },

  remove: {
    title: (name: string) => `Delete ${name}?`,
    gone: (name: string) => `${name} is already deleted`,
    user: 'The history stays, and identity providers are not notified: the next request about this id gets 404.',
    group: 'Its members stay. Identity providers are not notified: the next request about this id gets 404.',
    confirm: 'Delete',
  },

  send: {
    menu: 'Edit and send again…',
    title: 'Send a request',
    again: 'Edit and send again',
    lead: 'It needs no token and is recorded as sent by you.',
    masked: 'A secret in it was not kept. Replace •••• with a value, or remove the attribute.',
    truncated: 'Only the beginning of the body was kept: complete it before you send it.',
    method: 'Method',
    path: 'Path and query, below the base URL',
    body: 'Body',
    edits: 'What you changed',
    expected: 'What it would do',
    try: 'Try it',
    confirm: 'Send',
  },

  members: {
    title: (group: string) => `Add members to ${group}`,
    search: 'Search users',
    none: 'No users match.',
    more: (n: number) => `${plural(n, 'more user')}: search to find them`,
    confirm: (n: number) => (n === 0 ? 'Add' : `Add ${plural(n, 'member')}`),
  },
};
