import type { Exchange, ExchangeRow } from '$lib/api';

// A recorded request for the tests of what shows one: Okta's update of Ada Lovelace.

const AT = new Date(2026, 5, 7, 12, 3, 11, 482).toISOString();

export const row: ExchangeRow = {
  id: 7,
  directoryId: 'dir1',
  at: AT,
  method: 'PUT',
  path: '/Users/2819c223',
  status: 200,
  durationMs: 9,
  actor: { idp: 'okta', name: 'Okta' },
  summary: { text: 'Okta updated Ada Lovelace, 1 attribute', subject: 'Ada Lovelace', outcome: null },
  noteCount: 0,
  isWrite: true,
  story: 6,
  replayOf: null,
  isSimulated: false,
  isPinned: false,
  annotation: null,
};

export const exchange: Exchange = {
  row,
  target: '/scim/v2/dir1/Users/2819c223',
  authorization: {
    verdict: 'matched',
    text: [{ text: 'The bearer token ending …G4tQ matched.' }],
    advice: null,
    lastFour: 'G4tQ',
  },
  client: 'Okta SCIM Client 1.0.0',
  cameThrough: 'https://ada.ngrok.app',
  request: {
    headers: [
      ['host', 'ada.ngrok.app'],
      ['authorization', 'Bearer ••••G4tQ'],
      ['content-type', 'application/scim+json'],
    ],
    body: '{"userName":"ada@example.com","name":{"givenName":"Ada"},"title":"Lead"}',
    bodyBytes: 72,
    isTruncated: false,
  },
  response: { headers: [], body: '{"id":"2819c223"}', bodyBytes: 17, isTruncated: false },
  explanation: {
    cause: null,
    fix: null,
    path: [],
    effect: 'Changed 1 attribute of Ada Lovelace',
    adminSees: null,
    next: null,
    rfc: { text: 'PUT replaces the resource.', section: 'RFC 7644 §3.5.1', title: 'Replacing with PUT' },
  },
  notes: [],
  annotation: null,
  changes: [
    {
      seq: 3,
      at: AT,
      directoryId: 'dir1',
      resourceKind: 'user',
      resourceId: '2819c223',
      resourceName: 'Ada Lovelace',
      kind: 'updated',
      fieldCount: 1,
      fields: [{ path: 'title', before: 'Engineer', after: 'Lead' }],
      members: null,
      actor: { idp: 'okta', name: 'Okta' },
      exchangeId: 7,
    },
  ],
  story: [],
  forwarded: null,
};

/** The same request, refused. */
export function refused(explanation: Partial<Exchange['explanation']>, status = 409): Exchange {
  return {
    ...exchange,
    row: { ...row, status },
    changes: [],
    explanation: { ...exchange.explanation, effect: 'Changed nothing', ...explanation },
  };
}
