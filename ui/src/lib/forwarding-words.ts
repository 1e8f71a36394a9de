import type { AnswerFault, ForwardedExchange } from './api';
import { count, duration } from './format';

// All strings of directories that forward to a server of the person's own. The same rules as in words.ts.

export const words = {
  answers: 'Who answers',
  ours: 'SCIM Setup answers',
  theirs: 'Forward to your SCIM server',
  oursHint: 'Users and groups live in SCIM Setup.',
  theirsHint: 'Each request goes to your server and its answer comes back. You see both, and what they mean.',
  baseUrl: 'SCIM base URL of your server',
  baseUrlPlaceholder: 'http://localhost:8080/scim/v2',
  baseUrlMissing: 'Enter the base URL of your server.',
  token: 'Token',
  passOn: 'Pass on the identity provider’s token',
  passOnHint: 'Give your identity provider your server’s token.',
  replace: 'Put another token in its place',
  replaceHint: 'Kept in memory only: after a restart, enter it again.',
  secret: 'Token for your server',
  secretKept: 'Leave empty to keep the current token',
  secretMissing: 'Enter the token for your server.',
  test: 'Test connection',
  agree: 'Yes, send everything there',
  badge: 'Forward',
  about: 'Forwarding',
  to: 'Forwards to',
  asAnswered: 'Users and groups are shown as your server answered.',
  tokenMissing:
    'SCIM Setup has no token for your server: it was restarted, or the base URL now names another server. Requests are refused until you enter the token.',
  enterToken: 'Enter the token',
  theirToken: 'Your server’s token',
  theirTokenHint: 'Your server decides',
  exchange: {
    title: 'Forwarded',
    to: 'To',
    answeredBy: 'Answered by',
    who: { us: 'SCIM Setup, because your server gave no answer', yourServer: 'Your server' },
    time: 'Time',
    /** `Your server took 120 ms of 123 ms` */
    took: ({ targetMs }: ForwardedExchange, wholeMs: number) =>
      targetMs === null
        ? 'Your server was not asked'
        : `Your server took ${duration(targetMs)} of ${duration(Math.max(targetMs, wholeMs))}`,
    addresses: 'Addresses',
    rewritten: (n: number) =>
      n === 1
        ? '1 address of your server was changed to this directory’s'
        : `${count(n)} addresses of your server were changed to this directory’s`,
  },
  faults: {
    anyProvider: 'an identity provider',
    expected: 'Expected',
    actual: 'Actual',
    title: (provider: string) => `What ${provider} may trip over in this answer`,
    weight: { fails: 'Stops it', warns: 'Should be otherwise' } satisfies Record<AnswerFault['weight'], string>,
  },
};
