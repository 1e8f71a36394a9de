import type { Webhook } from './api';
import { plural } from './format';

// All strings about webhooks. The same rules as in words.ts.

export const words = {
  title: (environment: string) => `Webhooks for ${environment}`,
  lead: 'What happens to users and groups is sent to your app, one event at a time and in order. What fails is sent again.',
  none: 'No webhook yet. Add one, and your app is told what happens from then on.',
  add: 'Add webhook…',
  problem: 'Webhooks could not be read.',
  allTypes: 'all events',
  types: (count: number) => plural(count, 'type of event', 'types of event'),
  temporary: 'until its command ends',

  state: {
    new: 'Nothing sent yet',
    delivers: (ago: string) => `Delivers, last ${ago}`,
    failing: (since: string) => `Failing since ${since}`,
    next: (at: string) => `next try at ${at}`,
    waiting: (count: number) => (count === 1 ? '1 event waits' : `${plural(count, 'event')} wait`),
    missed: (at: string) =>
      `Some events were not kept long enough to be sent (found ${at}). Have your app list users and groups again.`,
  },
  disabled: {
    person: (since: string) => `Off since ${since}`,
    gone: (since: string) => `Disabled ${since}: your app answered 410 Gone`,
    failing: (since: string) => `Disabled ${since} after 5 days of failures`,
  },

  menu: {
    more: 'More',
    test: 'Send a test event',
    edit: 'Edit…',
    rotate: 'Replace secret…',
    disable: 'Turn off',
    enable: 'Turn on',
    allow: 'Allow the internet',
    delete: 'Delete…',
    of: ({ url }: Webhook) => `More about ${url}`,
  },

  log: {
    none: 'Nothing yet. Events appear here the moment they are sent.',
    older: 'Show older',
    test: 'a test',
    noAnswer: '—',
    attempts: (count: number) => plural(count, 'attempt'),
    next: (at: string) => `next try at ${at}`,
    held: 'waits for an earlier event',
    again: 'Send again',
    body: 'Sent',
    notAsSent: 'Something about it has changed since. This is how it would be sent now, with another signature.',
    gone: 'What happened is not kept any more, so it can’t be shown or sent again.',
    attempt: (at: string, isManual: boolean) => (isManual ? `Attempt by hand at ${at}` : `Attempt at ${at}`),
    answer: 'Answer',
  },

  form: {
    title: 'Add webhook',
    editTitle: 'Edit webhook',
    lead: 'Your app is told what happens from now on, with a signature by the Standard Webhooks specification.',
    url: 'URL',
    types: 'Events',
    all: 'All events',
    some: 'Only these',
    allow: 'Send there',
    confirm: 'Add webhook',
    save: 'Save',
  },

  secret: {
    title: 'The webhook’s secret',
    onlyOnce: 'Copy the secret now. It is shown only this once. Your app checks signatures with it.',
    copied: 'I copied the secret',
    notYet: 'Copy the secret first',
    what: 'Webhook secret',
    rotate: 'Replace the secret?',
    rotateLead: 'What is sent from now on is signed with a new secret. Your app refuses it until it has that one.',
    rotateConfirm: 'Replace secret',
  },

  delete: {
    title: 'Delete this webhook?',
    lead: ({ url }: Webhook) => `Nothing is sent to ${url} any more. Its log will be deleted too.`,
    confirm: 'Delete webhook',
  },

  code: {
    title: 'Check the signature in your code',
    lead: 'The code takes the secret from the environment variable WEBHOOK_SECRET.',
    language: 'Language of the signature code',
    copy: 'Code that checks the signature',
  },
};
