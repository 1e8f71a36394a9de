import type { AuthVerdict, Rejected } from './api';
import { capital, count } from './format';

// Strings of what an identity provider is given, the base URL and the bearer token, and of a token that is refused. The same rules as
// in words.ts.

/** Why a token is refused, where that is not that it does not match. */
const REFUSALS: Partial<Record<AuthVerdict, string>> = {
  malformed: 'the token is correct, but the Authorization header is malformed',
  retired: 'the bearer token was replaced',
  otherDirectory: 'the bearer token is that of another directory',
  noTokenYet: 'there is no token yet',
};

export const words = {
  credentials: {
    label: 'Credentials',
    baseUrl: 'Base URL',
    baseUrlHint: (field: string | null) => (field === null ? 'paste into your provider' : `paste into ${field}`),
    localHint: 'works on this machine only',
    token: 'Bearer token',
    noToken: 'No token yet',
    noTokenHint: (provider: string) => `${provider} needs one to connect`,
    generate: 'Generate token',
    rotate: 'Rotate…',
    generated: (ago: string) => `generated ${ago}`,
    rotated: (ago: string) => `rotated ${ago}`,
    used: (ago: string) => `used ${ago}`,
    neverUsed: 'never used',
    rejectedSince: (n: number, when: string) => `${count(n)} rejected since ${when}`,
    masked: '••••••••••••',
    endsWith: (lastFour: string) => `Token ending in ${lastFour}`,
  },

  token: {
    title: 'Copy this token now',
    creatingTitle: 'Bearer token',
    creating: 'Generating a token…',
    onlyOnce: 'It is shown only this once. SCIM Setup keeps a hash, so it cannot show it to you again.',
    where: (provider: string) => `Where it goes in ${provider}`,
    bearer: 'Bearer',
    slot: 'paste the token here',
    alone: (provider: string) => `Paste only the token. ${capital(provider)} adds the word Bearer itself.`,
    copied: 'I have copied it',
    notYet: 'Copy the token first',
  },

  rotate: {
    title: 'Rotate the bearer token?',
    lead: (provider: string) =>
      `The current token stops working at once. ${capital(provider)} gets 401 for every request until you paste the new one.`,
    current: 'Current token',
    lastUsed: 'Last used',
    never: 'Never',
    generated: 'Generated',
    lastRotated: 'Last rotated',
    confirm: 'Rotate token',
  },

  rejected: {
    title: ({ count: n, verdict, lastFour }: Rejected, provider: string) => {
      const requests = n === 1 ? '1 request was rejected' : `${count(n)} requests were rejected`;
      if (verdict === 'missing') return `${requests}: ${n === 1 ? 'it has' : 'they have'} no bearer token.`;
      if (verdict === 'retired' && lastFour !== null)
        return `${requests}: ${provider} still uses the token ending …${lastFour}.`;
      return `${requests}: ${REFUSALS[verdict ?? 'unknown'] ?? 'the bearer token does not match'}.`;
    },
    /** Where a token is known that would be right. */
    paste: (place: string, lastFour: string) => `${place}: paste the token ending …${lastFour} and save.`,
    view: 'View requests',
    rotate: 'Rotate token…',
  },
};
