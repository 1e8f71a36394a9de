import { capital, longSpan, plural, sinceWhen } from './format';

// Strings of what surrounds every screen: banners, palette, shortcuts, notifications. The same rules as in words.ts.

export const words = {
  dismiss: 'Dismiss',

  connection: {
    lost: 'The connection to SCIM Setup is lost.',
    lostHint: 'What you see is as it was. This page tries again by itself.',
    refused: 'SCIM Setup was restarted.',
    refusedHint: 'It no longer lets this page in. Open the address that it printed when it started.',
    notLive: 'Not live',
    notLiveHint: 'Live updates are interrupted',
  },

  formerUrls: {
    title: 'The base URL changed.',
    one: (provider: string, host: string) => `${capital(provider)} still has ${host}.`,
    several: (n: number) => `Update it in the identity provider for ${plural(n, 'directory', 'directories')}.`,
    show: (n: number) => `Show ${plural(n, 'base URL')}`,
    hide: 'Hide',
    list: 'Changed base URLs',
    addTunnel: 'Add a tunnel URL',
    told: (directory: string) => `${directory} has been updated`,
    done: 'Updated',
    inGuide: (provider: string, former: string, field: string | null) =>
      `${capital(provider)} still has ${former}. Paste the new base URL into ${field ?? 'its SCIM settings'}.`,
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
    dataFolder: 'Data folder',
    license: 'License',
    licenseText: 'MIT or Apache-2.0, as you prefer.',
    madeWith: 'Made with',
    madeWithText: 'Tauri, axum, hyper, rustls, SQLite, Svelte, Bits UI and Lucide, each under its own license.',
    shortcuts: 'Keyboard shortcuts',
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
};
