import { expect, it } from 'vitest';
import { rfcLink, tunnelTools } from './links';

it.each([
  ['RFC 7644 §3.5.2', 'https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2'],
  ['RFC 7643 §2.1, §7', 'https://www.rfc-editor.org/rfc/rfc7643#section-2.1'],
  ['RFC 6750', 'https://www.rfc-editor.org/rfc/rfc6750'],
  ['OktaRef', null],
])('leads from %s to its page', (section, link) => {
  expect(rfcLink(section)).toBe(link);
});

it('leads to every tunnel over https', () => {
  for (const link of Object.values(tunnelTools)) expect(new URL(link).protocol).toBe('https:');
});
