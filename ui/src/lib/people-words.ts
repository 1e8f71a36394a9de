import type { Drift } from './api';
import { clockTime, count, dayOf, plural, whenWas } from './format';

// All strings about the users and groups of a directory, what happened to them, and what they were. The same rules as in words.ts.

export const words = {
  changedTo: 'changed to',
  invisible: (name: string) => `invisible character ${name}`,
  moreCharacters: (n: number) => `… ${plural(n, 'more character')}`,
  moreElements: (n: number) => `… ${count(n)} more`,

  filters: {
    all: 'All',
    active: 'Active',
    deactivated: 'Deactivated',
    changed: 'Changed today',
    outOfStep: 'Out of sync',
    deleted: 'Deleted',
    withMembers: 'With members',
    empty: 'Empty',
    unknown: 'Unknown members',
    users: 'Filter users',
    groups: 'Filter groups',
    members: 'Filter members',
  },
  nothing: {
    users: {
      all: 'No users.',
      active: 'No active users.',
      deactivated: 'No deactivated users.',
      changed: 'No user has changed today.',
      outOfStep: 'All users are in sync.',
      deleted: 'No deleted users.',
    },
    groups: {
      all: 'No groups.',
      withMembers: 'No group has members.',
      empty: 'No group is empty.',
      outOfStep: 'All members are known here.',
      deleted: 'No deleted groups.',
    },
    deletedMatch: (n: number) => `${plural(n, 'deleted match', 'deleted matches')}.`,
    /** When all that there were are gone. */
    deletedAll: (n: number) =>
      n === 1 ? '1 was deleted and is still kept.' : `${count(n)} were deleted and are still kept.`,
    showDeleted: 'Show deleted',
  },

  state: { active: 'Active', deactivated: 'Deactivated', deleted: 'Deleted' },
  unknownMembers: (n: number) => plural(n, 'unknown member'),

  drift: {
    title: ({ kind, actor }: Drift) =>
      ({
        notLinked: `${actor.name} will not tell us when this person leaves`,
        notDeactivated: `${actor.name} could not deactivate this person`,
        notUpdated: `${actor.name} may have different data for this person`,
      })[kind],
    failed: ({ at, reason, status }: Drift, now: number) =>
      `The last push failed ${whenWas(at, now)}: ${reason === '' ? `the response was ${status}.` : reason}`,
    consequence: ({ kind, actor, retriesDeactivation }: Drift) =>
      ({
        notLinked: `It has not linked this user.`,
        notDeactivated:
          retriesDeactivation === false
            ? `${actor.name} does not retry a deactivation, so the person stays active here.`
            : 'The person stays active here until a push succeeds.',
        notUpdated: 'The next successful push fixes this.',
      })[kind],
    short: (drift: Drift, now: number) => `${words.drift.title(drift)}. ${words.drift.failed(drift, now)}`,
  },
  unknown: {
    title: (n: number) => (n === 1 ? '1 member is not known here' : `${count(n)} members are not known here`),
    text: 'No user or group here has these ids. A member is recognized once a user or group with its id arrives.',
    show: 'Show them',
  },

  drawer: {
    copyId: 'Copy id',
    copyUserName: 'Copy userName',
    copyName: 'Copy displayName',
    copyJson: 'Copy JSON',
    id: 'Id',
    userName: 'userName',
    displayName: 'displayName',
    json: 'JSON',
    moreGroups: (n: number) => `and ${count(n)} more`,
    unknown: (one: string) => `There has never been a ${one} with this id.`,
    deletedAt: (one: string, at: string, now: number) => `This ${one} was deleted ${whenWas(at, now)}.`,
    createdAgain: 'Created again as',
    notKnown: 'Its final state is not known.',
  },

  history: {
    showThen: (title: string, at: string) => `${title}, ${at}. Show how it was then`,
    asOfThen: 'Show how it was then',
    cut: 'Earlier changes are no longer kept.',
    older: (n: number) => `Show older changes (${count(n)} more)`,
    added: 'Added',
    removed: 'Removed',
    andMore: (n: number) => `and ${count(n)} more`,
  },

  moment: {
    label: 'Point in time',
    asOf: (at: string, now: number) =>
      dayOf(at, now) === 'Today' ? `As of ${clockTime(at)}` : `As of ${clockTime(at)}, ${dayOf(at, now)}`,
    before: (at: string, now: number) => `As it was before it was deleted ${whenWas(at, now)}`,
    back: 'Back to now',
    earlier: 'Earlier version',
    later: 'Later version',
    reading: 'Reading how it was…',
    since: 'Changed since then',
    between: 'Differences',
    with: 'Compared with',
    now: 'Now',
    same: 'No differences.',
    sinceNothing: 'Nothing has changed since then.',
    sinceDeleted: 'Deleted since then.',
    asReturned: 'As this server returns it',
    members: (n: number) => plural(n, 'member'),
  },

  members: {
    search: 'Search members',
    all: 'All',
    unknown: 'Unknown',
    none: 'No members yet.',
    noneThen: 'It had no members then.',
    noMatch: (search: string) => `No members match “${search}”.`,
    notKnown: 'Not known here',
    problem: 'The members could not be read.',
  },
};
