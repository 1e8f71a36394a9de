import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { Exchange } from './api';
import { curlOf } from './curl';

const BASE_URL = 'https://ada.example/scim/v2/k3v9tq2mxa';

function exchange(method: string, target: string, body: string | null, headers: [string, string][] = []): Exchange {
  return {
    row: { method } as Exchange['row'],
    target,
    request: { headers, body, bodyBytes: 0, isTruncated: false },
  } as Exchange;
}

/** What the shell hands to curl. */
function argumentsOf(command: string): string[] {
  const script = `curl() { for argument; do printf '%s\\0' "$argument"; done; }\n${command}`;
  const told = execFileSync('sh', ['-c', script], { env: { SCIM_TOKEN: 'secret $(x)' }, encoding: 'utf8' });
  return told.split('\0').slice(0, -1);
}

it('a read is a short command', () => {
  const target = '/scim/v2/k3v9tq2mxa/Users?filter=userName%20eq%20%22ada%22&count=1';
  const command = curlOf(
    exchange('GET', target, null, [
      ['host', 'x'],
      ['accept', 'application/scim+json'],
      ['cookie', 'c'],
    ]),
    BASE_URL,
  );
  expect(command).toBe(
    [
      `curl --globoff --path-as-is 'https://ada.example${target}' \\`,
      '  -H "Authorization: Bearer $SCIM_TOKEN" \\',
      "  -H 'accept: application/scim+json'",
    ].join('\n'),
  );
  expect(argumentsOf(command)).toEqual([
    '--globoff',
    '--path-as-is',
    `https://ada.example${target}`,
    '-H',
    'Authorization: Bearer secret $(x)',
    '-H',
    'accept: application/scim+json',
  ]);
});

it('the method is named where curl would choose another', () => {
  const options = (method: string, body: string | null) => argumentsOf(curlOf(exchange(method, '/x', body), BASE_URL));
  expect(options('PUT', '{}')).toEqual(expect.arrayContaining(['-X', 'PUT', '--data-raw', '{}']));
  expect(options('POST', '{}')).not.toContain('-X');
  expect(options('POST', null)).toEqual(expect.arrayContaining(['-X', 'POST']));
  expect(options('DELETE', null)).toEqual(expect.arrayContaining(['-X', 'DELETE']));
  expect(options('HEAD', null)).toContain('--head');
});

it.each([
  ["it's"],
  ['"quoted" $HOME `id` $(id) !! \\ \\n'],
  ['line one\nline two\r\n'],
  ['@/etc/passwd'],
  ['-X DELETE; rm -rf /'],
  ["''''"],
  ['{"title":"<img src=x onerror=alert(1)> \u202e ünïcödé 🙂"}'],
  [''],
])('the body %j reaches curl byte for byte', (body) => {
  const target = `/scim/v2/k3v9tq2mxa/Users/[a-b]{1,2}/../'"$x`;
  const told = argumentsOf(curlOf(exchange('PATCH', target, body, [['content-type', `a'b"; $x`]]), BASE_URL));
  expect(told.at(-1)).toBe(body);
  expect(told).toContain(`https://ada.example${target}`);
  expect(told).toContain(`content-type: a'b"; $x`);
});

it('what was not kept is said, in a way that every shell takes', () => {
  const cut = exchange('POST', '/x', '{"password":"••••"');
  cut.request.isTruncated = true;
  const command = curlOf(cut, BASE_URL);
  expect(command).toMatch(/^: 'Only the first 26 B of the body was kept\.'\n: 'A secret in it was not kept/);
  expect(argumentsOf(command).at(-1)).toBe('{"password":"••••"');
  expect(curlOf(exchange('POST', '/x', 'caf\ufffd'), BASE_URL)).toContain('not UTF-8');
});
