import type { EvidenceMark, Leftover, SimulationPace, SimulationTargetKind } from './api';
import { count, duration, listInWords, plural } from './format';

// All strings of the simulator: its tab, the demo and the checks. The same rules as in words.ts.

/** How a row ended, or why it has not. */
export type RowState = 'passed' | 'warning' | 'failed' | 'skipped' | 'silent' | 'running' | 'notYet';

const KNOWN: Record<EvidenceMark, (provider: string) => string> = {
  observed: (provider) => `Captured from ${provider}.`,
  documented: (provider) => `Documented for ${provider}.`,
  code: (provider) => `Read from the source of ${provider}’s client, or of a server that copes with it.`,
  secondary: (provider) => `Reported by others for ${provider}; not captured.`,
  inferred: (provider) => `Not captured from ${provider}: the most likely from what is known.`,
  ourOwn: () => 'Not an identity provider’s request: the simulator looks, prepares or cleans up.',
};

/** What a run left is named up to here; the report has all of it. */
const MOST_NAMED = 20;

export const words = {
  runGone:
    'The run that this link names is no longer kept. SCIM Setup keeps the newest run of each directory, and only while it is open.',
  loading: 'Loading the simulator',
  problem: 'The simulator could not be read.',
  settings: 'Simulator settings',

  mode: 'What to do',
  modes: { play: 'Play', check: 'Check' },
  actAs: 'Act as',
  provider: (name: string, kind: string) => (kind === '' ? name : `${name}, ${kind}`),
  scenario: 'Scenario',
  moreEvents: 'Single events',
  mistakes: 'Common mistakes',
  people: 'People',
  peopleHint: 'People to assign.',
  peopleRange: 'Enter a number from 1 to 10,000.',
  pace: 'Pace',
  paces: {
    quick: 'Quick',
    real: 'Realistic',
    watchable: 'Slow enough to follow',
    none: 'No pauses',
  } satisfies Record<SimulationPace, string>,
  suites: 'Suites',
  suitesHint: 'Checks create what they need, then remove it.',
  suitesMissing: 'Choose at least one suite.',

  sendTo: 'Send to',
  targets: {
    local: 'This directory, locally',
    tunnel: 'This directory, through the tunnel',
    foreign: 'Another SCIM server',
  } satisfies Record<SimulationTargetKind, string>,
  noTunnel: 'This environment has no tunnel URL yet.',
  marked: 'What it creates here is marked Simulator, completes no guide step, and can be removed with one click.',
  baseUrl: 'Base URL',
  baseUrlPlaceholder: 'https://scim.example.com/scim/v2',
  baseUrlMissing: 'Enter the base URL of the server.',
  token: 'Bearer token',
  tokenMissing: 'Enter the bearer token of the server.',
  tokenHint: 'Kept in memory only, never saved.',
  showToken: 'Show the token',
  hideToken: 'Hide the token',

  run: { play: 'Run', check: 'Run checks' },
  running: (title: string) => `Running ${title.charAt(0).toLowerCase()}${title.slice(1)}…`,
  stopping: 'Stopping…',
  stop: 'Stop',
  remove: (users: number, groups: number) =>
    `Remove ${listInWords(
      [users > 0 ? plural(users, 'test user') : '', groups > 0 ? plural(groups, 'group') : ''].filter(
        (part) => part !== '',
      ),
    )}`,

  emptyTitle: { play: 'No run yet', check: 'Nothing checked yet' },
  emptyText: {
    play: 'Choose what an identity provider does, and watch each request it sends and how your server has to answer.',
    check: 'Choose suites. Each check says which rule it tests, what came back, and how to fix it.',
  },

  to: (url: string) => `to ${url}`,
  list: { steps: 'Steps', checks: 'Checks' },
  ofTotal: (done: number, total: number) => `${count(done)} of ${count(total)}`,
  passed: (n: number) => `${count(n)} passed`,
  warnings: (n: number) => plural(n, 'warning'),
  failed: (n: number) => `${count(n)} failed`,
  skipped: (n: number) => `${count(n)} skipped`,
  rate: (perSecond: number) => `${count(Math.round(perSecond))}/s`,
  scoreOf: (suite: string, percent: number) => `${suite}: ${percent} %`,
  progress: 'Progress',
  finished: (title: string, failed: number) =>
    failed === 0 ? `${title}: nothing failed.` : `${title}: ${count(failed)} failed.`,
  filter: 'Filter',
  filters: { all: 'All', failed: 'Failed', warnings: 'Warnings', skipped: 'Skipped' },
  left: (names: string[], isForeign: boolean) => {
    const shown = names.slice(0, MOST_NAMED);
    const all = listInWords(
      names.length > shown.length ? [...shown, plural(names.length - shown.length, 'other')] : shown,
    );
    return isForeign
      ? `These could not be removed from the other server. Delete them there: ${all}.`
      : `These are still there: ${all}.`;
  },
  leftover: {
    user: ({ name, id }: Leftover) => `user ${name} (${id})`,
    group: ({ name, id }: Leftover) => `group ${name} (${id})`,
  },
  causes: 'Fix these first',
  checks: (n: number) => plural(n, 'check'),
  nextFailure: 'Next failure',
  states: {
    passed: 'Passed',
    warning: 'Warning',
    failed: 'Failed',
    skipped: 'Skipped',
    silent: 'Nothing is sent',
    running: 'Running',
    notYet: 'Not yet',
  } satisfies Record<RowState, string>,
  dropped: (n: number) =>
    n === 1 ? '1 earlier step is no longer kept.' : `${count(n)} earlier steps are no longer kept.`,
  some: (from: number, to: number) => `Steps ${count(from)} to ${count(to)}`,
  more: (n: number) => `and ${count(n)} more`,

  expected: 'Expected',
  actual: 'Actual',
  adminSees: (provider: string) => `What ${provider}’s administrator sees`,
  rule: 'Rule',
  fix: 'Fix',
  skippedBecause: (why: string) => `Skipped: ${why}`,
  requestAndAnswer: 'Request and response',
  request: 'Request',
  response: 'Response',
  noAnswer: 'No response.',
  redirected: (places: string[]) => `Redirected to ${listInWords(places)}.`,
  body: 'Body',
  cutBody: 'Only the beginning of the body was kept.',
  notKept: 'Headers and bodies are no longer kept: this run has too many of them.',
  attempts: (n: number, waited: number) => `Sent ${n} times; the server asked to wait ${duration(waited * 1_000)}.`,
  again: 'Run again',
  copyId: 'Check id',

  knownAs: (mark: EvidenceMark, provider: string) => KNOWN[mark](provider),
  shaped: (provider: string) => `${provider}-shaped`,
  beyond: 'Beyond the RFCs',
  should: 'Recommended',

  export: 'Export',
  exports: { html: 'Report as HTML', junit: 'JUnit XML', json: 'JSON' },
  exportStarted: 'The report is being saved.',
  exported: (place: string) => `Saved as ${place}`,
  notExported: (why: string) => `The report was not saved. ${why}`,

  foreign: {
    title: 'Send to another server?',
    lead: (url: string) => `${url} is not this directory.`,
    play: (people: number, steps: number) =>
      `${people > 1 ? `${count(people)} users are assigned.` : `About ${plural(steps, 'request')} are sent.`} Users and groups whose names begin with “sim-” are created there, changed, and deleted at the end.`,
    check: (checks: number) =>
      `${plural(checks, 'check')} are run. Users and groups whose names begin with “sim-” are created there, changed, and deleted again.`,
    safe: 'Nothing else is changed there. What cannot be removed is listed here. A redirect to another host stops the run.',
    clear: 'The token can be read in transit: the URL starts with http.',
    confirm: 'Send',
  },

  checker: {
    title: 'Check my SCIM server',
    lead: 'Checks your SCIM server against what Okta, Entra ID, and the RFCs expect. No directory needed.',
    back: 'Back',
    question: 'Have a SCIM server of your own?',
    hint: 'See what Okta, Entra ID, and the RFCs expect of it, and what to fix first.',
  },
  sendTestUser: 'Send a test user',
  inGuide: {
    title: (provider: string) => `No ${provider.replace(/^your /, '')} account?`,
    text: 'Run these steps in the simulator.',
  },
  demo: {
    badge: 'Demo',
    tryIt: 'Try it without Okta',
    question: 'No Okta account?',
    tryItHint: 'Watch a simulated Okta send three people and a group: half a minute, no tunnel, no token.',
    states: {
      runs: {
        title: 'Demo running.',
        hint: 'A simulated Okta sends three people and a group, renames one and deactivates one.',
      },
      over: {
        title: 'That is what Okta sends.',
        hint: 'Three people and a group arrived; one was renamed, one was deactivated.',
      },
      here: { title: 'This is a demo.', hint: 'A simulated Okta filled this directory.' },
      stopped: { title: 'The demo was stopped.', hint: 'To run it again, choose “Demo” in the simulator.' },
      failed: { title: 'The demo failed.', hint: 'The simulator shows which request failed.' },
    },
    arriving: {
      title: { users: 'The first person is on the way', groups: 'The group comes after the people' },
      text: 'This is what a simulated Okta sends. It has its own token, so there is nothing to set up.',
      nobody: { users: 'No users', groups: 'No groups' },
      nobodyText: 'The simulated Okta sends three people and a group when the demo runs.',
      again: 'Run the demo',
    },
    noToken: 'Not needed',
    noTokenHint: 'the demo has its own',
    inGuide:
      'This is a demo: the simulated Okta needs none of these steps and completes none of them. Use them to connect a real one.',
    dot: 'Demo: only simulated requests so far',
    step: (done: number, total: number) => `${count(done)} of ${count(total)} requests`,
    see: 'Open the simulator',
    connect: 'Connect your own',
    remove: 'Remove the demo',
    removal: {
      title: 'Remove the demo?',
      real: (parts: string[]) => `This demo also has ${listInWords(parts)} that the simulator did not make.`,
      contents: {
        users: (n: number) => plural(n, 'user'),
        groups: (n: number) => plural(n, 'group'),
        exchanges: (n: number) => plural(n, 'recorded request'),
      },
      token: 'a bearer token',
      choice: 'What to remove',
      ways: {
        keep: {
          label: 'Keep as my directory',
          hint: 'It stops being a demo, and nothing is removed. Its setup guide opens.',
        },
        people: {
          label: 'Remove only the simulated people',
          hint: 'What others sent or changed stays, with the base URL and the token. It stops being a demo.',
        },
        all: {
          label: 'Remove all',
          hint: 'The directory is deleted with everything in it, and its token stops working. This cannot be undone.',
        },
      },
    },
  },
};
