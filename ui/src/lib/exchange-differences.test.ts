import { expect, it } from 'vitest';
import { exchange } from '../../tests/exchange';
import { exchangeDifferences } from './exchange-differences';

it('says nothing of two that are the same, whatever the order and letter case of their headers', () => {
  const headers = exchange.request.headers.map(([name, value]): [string, string] => [name.toUpperCase(), value]);
  const other = { ...exchange, request: { ...exchange.request, headers: headers.reverse() } };
  expect(exchangeDifferences(exchange, exchange)).toEqual([]);
  expect(exchangeDifferences(exchange, other)).toEqual([]);
});

it('tells what differs part by part, in JSON by the values', () => {
  const other = {
    ...exchange,
    row: { ...exchange.row, status: 409 },
    request: {
      ...exchange.request,
      headers: [...exchange.request.headers, ['x-trace', '7'] as [string, string]],
      body: '{"title":"Boss", "userName":"ada@example.com","name":{"givenName":"Ada"}}',
    },
    response: { ...exchange.response, body: null },
    notes: [{ rule: 'op-case', title: 'Case', section: 'RFC 7644', text: 'Replace', sectionTitle: null }],
  };
  expect(exchangeDifferences(exchange, other)).toEqual([
    { title: 'Request and outcome', fields: [{ path: 'Status', before: 200, after: 409 }] },
    { title: 'Request headers', fields: [{ path: 'x-trace', before: undefined, after: '7' }] },
    { title: 'Request body', fields: [{ path: 'title', before: 'Lead', after: 'Boss' }] },
    { title: 'Response body', fields: [{ path: 'Body', before: { id: '2819c223' }, after: null }] },
    { title: 'Notes', fields: [{ path: 'op-case', before: undefined, after: 'Replace' }] },
  ]);
});

it('compares what is no JSON, or cut, as a whole', () => {
  const of = (body: string, isTruncated = false) => ({
    ...exchange,
    request: { ...exchange.request, body, isTruncated },
  });
  expect(exchangeDifferences(of('a'), of('b'))).toEqual([
    { title: 'Request body', fields: [{ path: 'Body', before: 'a', after: 'b' }] },
  ]);
  expect(exchangeDifferences(of('{"a":1}', true), of('{"a":2}'))[0]?.fields).toEqual([
    { path: 'Body', before: '{"a":1}', after: '{"a":2}' },
  ]);
});
