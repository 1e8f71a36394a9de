import type { Change, DirectoryProvider } from './api';
import { capital, count, plural } from './format';

// All strings of a directory's page below its tabs. The same rules as in words.ts.

const VERBS: Record<Change['kind'], string> = {
  created: 'created',
  updated: 'updated',
  deactivated: 'deactivated',
  reactivated: 'reactivated',
  membersChanged: 'changed the members of',
  deleted: 'deleted',
};

export const words = {
  users: {
    name: 'Users',
    search: 'Search users',
    total: (n: number) => plural(n, 'user'),
    one: 'user' as const,
    columns: {
      name: 'User',
      status: 'Status',
      groups: 'Groups',
      source: 'Source',
      change: 'Last change',
      when: 'When',
    },
  },
  groups: {
    name: 'Groups',
    search: 'Search groups',
    total: (n: number) => plural(n, 'group'),
    one: 'group' as const,
    columns: { name: 'Group', members: 'Members', source: 'Source', change: 'Last change', when: 'When' },
    emptyTitle: 'No groups yet',
    emptyText: ({ name, groupsHint }: DirectoryProvider) =>
      groupsHint ?? `Groups appear here the moment ${name} sends them.`,
  },
  list: {
    clear: 'Clear',
    noMatch: (things: string, search: string) => `No ${things} match “${search}”.`,
    noneOf: (state: string, things: string) => `No ${state.toLowerCase()} ${things}.`,
    loading: (things: string) => `Loading ${things}`,
    problem: (things: string) => `The ${things} could not be read.`,
    sortedBy: (column: string) => `Sort by ${column.toLowerCase()}`,
    showNew: (text: string) => `${text}: show them`,
  },
  live: {
    live: 'Live',
    paused: 'Paused',
    pause: 'Live updates on. Pause',
    resume: (news: string) => (news === '' ? 'Live updates paused. Resume' : `Live updates paused, ${news}. Resume`),
    /** What waits while a list stands still: `3 new`; nothing if nothing does. */
    news: (arrived: number, changed: number) =>
      arrived > 0 ? `${upTo(arrived)} new` : changed > 0 ? `${upTo(changed)} changed` : '',
  },
  feed: {
    /** `Okta created 5 users` */
    together: ({ actor, kind, resourceKind }: Change, n: number) =>
      `${actor.name} ${VERBS[kind]} ${plural(n, resourceKind)}`,
    viewRequest: 'View request',
    quiet: 'Live',
  },
  drawer: {
    previous: (one: string) => `Previous ${one}`,
    next: (one: string) => `Next ${one}`,
    close: 'Close (Esc)',
    position: (index: number, total: number) => `${count(index)} of ${count(total)}`,
    overview: 'Overview',
    history: 'History',
    json: 'JSON',
    members: 'Members',
    tabs: (name: string) => `About ${name}`,
    attributes: 'Attributes',
    groups: 'Groups',
    noGroups: 'Not in any group.',
    allChanges: (n: number) => `All ${count(n)} changes`,
    noChanges: 'No changes recorded.',
    changed: 'changed',
    primary: 'primary',
    resource: 'JSON',
    requestGone: 'The request is no longer kept.',
  },
  waiting: {
    title: (provider: string) => `Waiting for the first request from ${provider}…`,
    text: (provider: string) => `Users appear here the moment ${provider} sends them.`,
    noTokenTitle: (provider: string) => `${capital(provider)} needs a token to connect`,
    noTokenText: (provider: string) =>
      `Generate one, paste it into ${provider} together with the base URL, and users appear here as they arrive.`,
    connectedTitle: 'No users yet',
    connectedText: (provider: string, ago: string) =>
      `${capital(provider)} sent its last request ${ago}. Assign people to the app there, and they appear here.`,
    nothingSent: 'Nothing sent yet',
    rejected: 'Rejected',
    misaddressed: 'Wrong address',
    checks: 'What is ready',
    listensOn: (port: number) => `Listening on ${port}`,
    listening: 'Server is listening',
    notListening: 'Server is not listening',
    tunnel: 'Tunnel URL is set',
    noTunnel: 'Tunnel URL',
    tunnelMissing: 'Not set: only this machine can reach the base URL',
    addTunnel: 'Add…',
    openGuide: 'Open setup guide',
    token: (provider: string) => `Token pasted into ${provider}`,
    tokenUnused: (ago: string) => `Generated ${ago}, never used`,
    tokenUsed: (ago: string) => `Used ${ago}`,
    connection: (provider: string) => `Connection tested in ${provider}`,
    done: 'Done',
    notYet: 'Not yet',
    failed: 'Failed',
  },
};

/** So many that wait are told apart. */
const MANY = 10_000;

function upTo(n: number): string {
  return n < MANY ? count(n) : `${count(MANY)}+`;
}
