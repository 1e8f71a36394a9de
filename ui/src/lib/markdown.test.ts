import { expect, it } from 'vitest';
import type { Directory, Exchange, Guide } from './api';
import { guideMarkdown, requestMarkdown } from './markdown';

const exchange = {
  row: {
    method: 'POST',
    path: '/Users',
    status: 409,
    at: '2026-06-07T12:03:11.482Z',
    durationMs: 1.5,
    summary: { text: 'Okta could not create *Ada* <b>', subject: null, outcome: null },
  },
  target: '/scim/v2/k3v9tq2mxa/Users',
  request: {
    headers: [['authorization', 'Bearer ••••HKRs']],
    body: '{"id":12345678901234567890,"title":"a ``` b"}',
    bodyBytes: 9,
    isTruncated: false,
  },
  response: { headers: [], body: 'not JSON', bodyBytes: 8, isTruncated: true },
  explanation: {
    cause: [{ text: 'Taken since ' }, { at: '2026-06-07T12:02:00.000Z' }, { text: '.' }],
    fix: { text: 'Delete_it' },
    next: null,
  },
  notes: [{ text: 'A | B', section: 'RFC 7643 §2.3.2' }],
  annotation: 'Ask *Ada*\nwhy.',
} as unknown as Exchange;

it('a request is told as it was, and nothing in it is markup', () => {
  expect(requestMarkdown(exchange)).toBe(`### \`POST /Users\` → 409 Conflict

Okta could not create \\*Ada\\* \\<b\\>

2026-06-07T12:03:11.482Z · 1.5 ms

**Note**: Ask \\*Ada\\* why.

**Why**: Taken since on 2026-06-07T12:02:00.000Z.

**What to do**: Delete\\_it

- A \\| B (RFC 7643 §2.3.2)

**Request**

\`\`\`\`http
POST /scim/v2/k3v9tq2mxa/Users HTTP/1.1
authorization: Bearer ••••HKRs

{
  "id": 12345678901234567890,
  "title": "a \`\`\` b"
}
\`\`\`\`

**Response**

\`\`\`http
HTTP/1.1 409 Conflict

not JSON
… (only the beginning was kept)
\`\`\`
`);
});

it('a guide has the values of its directory, and no token', () => {
  const guide = {
    provider: 'Okta',
    docs: 'https://developer.okta.com/x',
    steps: [
      {
        title: 'Fill in the connection',
        place: ['Provisioning', 'Integration'],
        hint: 'Save it.',
        notArriving: 'Look again.',
        fields: [
          { name: 'Base URL', note: '', value: { kind: 'baseUrl' } },
          { name: 'Unique identifier', note: 'Of a user', value: { kind: 'text', value: 'user`Name' } },
          { name: 'Mode', note: '', value: { kind: 'choice', value: 'HTTP Header' } },
          { name: 'Authorization', note: '', value: { kind: 'token', value: 'shown' } },
          {
            name: 'Actions',
            note: '',
            value: {
              kind: 'boxes',
              value: [
                { label: 'Push', isOn: true },
                { label: 'Import', isOn: false },
              ],
            },
          },
        ],
      },
    ],
  } as unknown as Guide;
  const directory = {
    name: 'Prod',
    baseUrl: 'https://ada.example/scim/v2/k3v9tq2mxa',
    token: { lastFour: 'HKRs' },
  } as unknown as Directory;
  const text = guideMarkdown(guide, directory);
  for (const line of [
    '## Set up SCIM provisioning with Okta: Prod',
    '### 1. Fill in the connection',
    '**Provisioning → Integration**',
    '- Base URL: `https://ada.example/scim/v2/k3v9tq2mxa`',
    '- Unique identifier: `` user`Name ``. Of a user',
    '- Mode: HTTP Header',
    '  - [x] Push',
    '  - [ ] Import',
    '*Not arriving?* Look again.',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).not.toContain('HKRs');
});
