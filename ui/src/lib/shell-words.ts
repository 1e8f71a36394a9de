import type { ResourceKind } from './api';
import { capital, count, listInWords, longSpan, plural, sinceWhen } from './format';

// Strings of what surrounds every screen: banners, palette, shortcuts, notifications. The same rules as in words.ts.

export const words = {
  dismiss: 'Dismiss',
  errors: (n: number) => plural(n, 'error'),
  errorsAfter: (n: number) => (n === 1 ? ' error' : ' errors'),

  connection: {
    lost: 'The connection to SCIM Setup is lost.',
    lostHint: 'You see the last known state. Reconnecting…',
    refused: 'SCIM Setup was restarted.',
    refusedHint: 'This tab’s key has expired. Open the new address from the terminal.',
    notLive: 'Not live',
    notLiveHint: 'Live updates are interrupted',
  },

  signIn: {
    title: 'SCIM Setup needs its key',
    lead: 'This browser has no key, or an old one: SCIM Setup makes a new key each time it starts. Open the address it printed in the terminal, or paste the key here.',
    field: 'Key or address',
    hint: 'The key is also in control.json in the data folder.',
    missing: 'Paste the key, or the whole address.',
    refused: 'This is not the current key. SCIM Setup makes a new one each time it starts.',
    open: 'Open',
  },

  formerUrls: {
    title: 'The base URL changed.',
    one: (provider: string, host: string) => `${capital(provider)} still has ${host}.`,
    several: (providers: string[], n: number) =>
      `Update it in ${listInWords(providers)} for ${plural(n, 'directory', 'directories')}.`,
    show: (n: number) => `Show ${plural(n, 'base URL')}`,
    hide: 'Hide',
    list: 'Changed base URLs',
    told: (directory: string) => `${directory} has been updated`,
    inGuide: (provider: string, former: string, field: string | null) =>
      `${capital(provider)} still has ${former}. Paste the new base URL into ${field ?? 'its SCIM settings'}.`,
  },

  nameCollision: {
    title: (kind: ResourceKind, n: number) =>
      kind === 'user' ? `${count(n)} users have the same userName.` : `${count(n)} groups have the same name.`,
    hint: (names: string[]) =>
      `${listInWords(names.map((name) => `“${name}”`))} are the same to SCIM (RFC 7644 §5). Rename or delete one: until then, a look-up finds both.`,
    view: (number: number) => (number === 0 ? 'View the first' : 'View the second'),
  },

  absence: {
    closed: (since: string, until: string, now: number) =>
      `SCIM Setup was closed for ${longSpan(since, until)}, since ${sinceWhen(since, now)}.`,
    slept: (since: string, until: string, now: number) =>
      `This computer slept for ${longSpan(since, until)}, since ${sinceWhen(since, now)}.`,
  },

  about: {
    lead: 'Test SCIM provisioning on your own machine.',
    version: 'Version',
    built: (version: string, commit: string) => `${version} (${commit})`,
    license: 'License',
    licenseText: 'MIT or Apache-2.0, as you prefer.',
    madeWith: 'Made with',
    madeWithText: 'Tauri, axum, hyper, rustls, SQLite, Svelte, Bits UI and Lucide, each under its own license.',
    shortcuts: 'Keyboard shortcuts',
    standards: 'Standards',
    api: 'Control API',
    apiHint: 'Scripts on this computer can do everything you can do here.',
    apiNone: 'Not available: the control API has no port here.',
    key: 'Key',
    keyHint: 'New at each start. Anyone who has it can do everything you can do here.',
    keyBrowser: 'In control.json in the data folder, and in the address that scim-setup serve prints.',
    showKey: 'Show',
    hideKey: 'Hide',
    curl: (url: string) => `curl -H "Authorization: Bearer $SCIM_SETUP_KEY" ${url}/api/tree`,
    openApi: 'Save the OpenAPI document',
    log: 'Log',
    showLogs: 'Show logs',
    noLog: 'There is no log: its file could not be written.',
    logHint: 'What went wrong, without passwords and tokens, 2 MB at the most.',
    logWindow: 'To see more, start SCIM Setup from a terminal with RUST_LOG=debug.',
    logBrowser: 'To see more in the terminal, start scim-setup serve with SCIM_SETUP_LOG=debug.',
    diagnostics: 'Diagnostics',
    diagnosticsHint:
      'Versions, sizes, counts, limits and recent warnings. No names or tokens of ours; read the warnings before you send them.',
    copyDiagnostics: 'Copy diagnostics',
  },

  deleteRequests: {
    title: 'Delete recorded requests?',
    lead: 'Users, groups and their history stay. The requests that caused the changes are no longer shown.',
    of: 'Requests of',
    all: 'All directories',
    unattributed: 'No directory',
    count: (n: number) => (n === 0 ? 'No requests are recorded there.' : `${plural(n, 'request')} will be deleted.`),
    confirm: 'Delete requests',
    done: 'Requests deleted',
  },

  notifications: {
    title: 'Notifications',
    hint: 'While the window is in the background.',
    hintBrowser: 'While this page is in the background.',
    show: 'Show notifications',
    kinds: {
      connected: 'A directory is connected',
      firstUser: 'The first user arrives',
      refused: 'Requests are refused',
      tunnel: 'The tunnel goes down or comes back',
      webhook: 'A webhook is disabled',
    },
    kindsLabel: 'Notify me when',
    allow: 'Allow in this browser',
    permissions: {
      default: 'This browser has not been asked yet.',
      denied: 'This browser blocks them for this page. Change that in its site settings.',
      unsupported: 'This browser does not support notifications.',
    },
  },

  tray: {
    title: 'When the window is closed',
    hint: 'The icon in the tray brings it back.',
    stay: 'Keep running in the tray',
  },

  data: {
    title: 'Data folder',
    hint: 'Everything stays on this machine.',
    open: 'Open',
    holds: (size: string, directories: number, users: number, requests: number) =>
      [size, plural(directories, 'directory', 'directories'), plural(users, 'user'), plural(requests, 'request')].join(
        ' · ',
      ),
    partsLabel: 'What takes the space',
    parts: {
      requests: 'Requests',
      history: 'History',
      people: 'Users and groups',
      lists: 'Lists and search',
      free: 'Free for new data',
      journals: 'Write-ahead logs',
      backups: 'Backups',
      setAside: 'Set aside: damaged or replaced data',
      other: 'Everything else',
    },
    another: 'Start SCIM Setup with --data to use another one.',
  },

  backups: {
    title: 'Backups',
    hint: 'All data in one file, which only you can read. It stays in the data folder until you move or delete it.',
    make: 'Back up',
    delete: (name: string) => `Delete ${name}`,
    deleted: (name: string) => `${name} deleted`,
    deleteTitle: 'Delete the backup?',
    deleteLead: (name: string) => `${name} cannot be recovered.`,
    deleteConfirm: 'Delete backup',
    restore: (name: string) => `Restore ${name}`,
    restoreTitle: 'Restore this backup?',
    restoreLead: (at: string) =>
      `The next time SCIM Setup starts, everything in it is replaced by the backup of ${at}: directories, users, groups, requests, tokens and settings.`,
    restoreKept: 'Your current data is kept in the data folder. You can delete it in Settings.',
    restoreConfirm: 'Restore',
    staged: (name: string) => `${name} will be restored at the next start.`,
    stagedHint: 'Anything that arrives before then is not part of it.',
    stagedBrowser: 'To restart, end scim-setup serve with Ctrl C in its terminal and start it again.',
    restart: 'Restart now',
    cancel: 'Cancel restore',
    canceled: 'Restore canceled',
  },

  setAside: {
    title: 'Set aside',
    hint: 'Data that is no longer in use. Delete it once you are sure that you do not need it.',
    what: {
      replaced: 'Replaced by a restore',
      damaged: 'Damaged record of requests; it contains no users or groups',
    },
    delete: (name: string) => `Delete ${name}`,
    deleteTitle: 'Delete what was set aside?',
    deleteConfirm: 'Delete',
  },

  check: {
    title: 'Check the data',
    hint: 'Checks every page, index, count and list in the databases. Requests may be slower meanwhile.',
    look: 'Check',
    repair: 'Repair',
    outcomes: {
      repairable: 'It can be repaired.',
      repaired: 'Repaired.',
      beyondRepair: 'It cannot be repaired. Restore a backup.',
    },
    healthy: (size: string, freed: number, inWords: (bytes: number) => string) =>
      freed > 0 ? `All data is in order. ${inWords(freed)} freed, ${size} in use.` : `All data is in order, ${size}.`,
    notCompared: (size: string) =>
      `No problems found, ${size}. Lists were not compared with the users and groups, because they were not up to date. Check again in a moment.`,
  },

  keep: {
    days: 'Age of requests',
    anyAge: 'Any age',
    forDays: (days: number) => (days === 365 ? '1 year' : plural(days, 'day')),
    and: 'and the last',
    delete: 'Delete requests…',
  },

  unsaved: {
    question: 'Discard your changes?',
    discard: 'Discard',
    keep: 'Keep editing',
    title: 'Leave without saving?',
    lead: 'Your changes in Settings are not saved yet.',
    leave: 'Leave',
  },
};
