import { expect, test } from 'vitest';
import type { Exchange, ExpectedOutcome } from '$lib/api';
import { differencesBetween, MOST_DIFFERENCES } from '$lib/json-differences';
import { exchange } from '../../../tests/exchange';
import { DraftForm } from './draft-form.svelte';

const BASE_URL = 'https://ada.example/scim/v2/okta';

function recorded(target: string, method: string, body: string | null): Exchange {
  return { ...exchange, target, row: { ...exchange.row, method }, request: { ...exchange.request, body } };
}

test('a recorded request is edited as it was, and what was edited is named', () => {
  const body = '{"Operations":[{"op":"replace","value":{"title":"Lead"}}]}';
  const form = new DraftForm(recorded('/scim/v2/okta/Users/1?attributes=id', 'PATCH', body), BASE_URL);
  expect([form.method, form.path]).toEqual(['PATCH', '/Users/1?attributes=id']);
  expect(JSON.parse(form.body)).toEqual(JSON.parse(body));
  expect(form.edits).toEqual([]);

  form.body = form.body.replace('Lead', 'Director');
  form.path = '/Users/2';
  expect(form.edits).toEqual([
    { path: 'path', before: '/Users/1?attributes=id', after: '/Users/2' },
    { path: 'Operations[0].value.title', before: 'Lead', after: 'Director' },
  ]);
  expect(form.draft).toMatchObject({ method: 'PATCH', path: '/Users/2', body: form.body });
  expect(form.draft.replayOf).toBe(exchange.row.id);
});

test('what was sent is edited letter by letter, for the version that it was for', () => {
  const body = '{"a":12345678901234567890,"a":[],"password":"••••"}';
  const original = recorded('/scim/v2/okta/Users/1', 'PUT', body);
  const headers: [string, string][] = [['if-match', 'W/"3"']];
  const form = new DraftForm({ ...original, request: { ...original.request, headers } }, BASE_URL);
  expect(form.body.replace(/\s/g, '')).toBe(body);
  expect(form.draft.ifMatch).toBe('W/"3"');
  expect(form.hasMask).toBe(true);
  form.ifMatch = '';
  form.body = '{}';
  expect([form.hasMask, form.draft.ifMatch]).toEqual([false, undefined]);
  expect(form.edits.map(({ path }) => path)).toContain('If-Match');
});

test('a bulk request cannot be tried', () => {
  const form = new DraftForm(null, BASE_URL);
  [form.method, form.path] = ['POST', '/Bulk'];
  expect(form.isToBeTried).toBe(false);
});

test('what may change something is tried first, again after each edit', () => {
  const form = new DraftForm(null, BASE_URL);
  expect(form.isToBeTried).toBe(false);
  form.method = 'DELETE';
  expect(form.isToBeTried).toBe(true);
  const outcome = { status: 204 } as ExpectedOutcome;
  form.take(form.draft, outcome);
  expect([form.isToBeTried, form.expected]).toEqual([false, outcome]);
  form.path = '/Users/2';
  expect([form.isToBeTried, form.expected]).toEqual([true, null]);
});

test('a body that is not JSON can be sent, and a read has none', () => {
  const form = new DraftForm(recorded('/scim/v2/okta/Users', 'POST', '{"userName"'), BASE_URL);
  expect(form.draft.body).toBe('{"userName"');
  form.method = 'GET';
  expect(form.draft).not.toHaveProperty('body');
});

test('values are compared from the outside in, up to a bound', () => {
  expect(differencesBetween({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 3 }, 4], d: null })).toEqual([
    { path: 'a', before: 1, after: undefined },
    { path: 'b[1].c', before: 2, after: 3 },
    { path: 'b[2]', before: undefined, after: 4 },
    { path: 'd', before: undefined, after: null },
  ]);
  const many = Array.from({ length: 10 * MOST_DIFFERENCES }, (_, index) => index);
  expect(differencesBetween(many, [])).toHaveLength(MOST_DIFFERENCES);
});
