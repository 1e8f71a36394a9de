import type { Exchange } from './api';
import { words } from './request-words';

// A recorded request as a command for a POSIX shell. Nothing of it is interpreted by the shell but the token.

/** Headers that change what a request does; the others say who sent it and which way it came. */
const HEADERS = ['accept', 'content-type', 'if-match', 'if-none-match', 'prefer', 'adscimversion'];

/** What stands where a secret stood. */
const MASK = '••••';

/** The command that sends `exchange` to the directory at `baseUrl`, with the token of the variable `SCIM_TOKEN`. */
export function curlOf(exchange: Exchange, baseUrl: string): string {
  const { row, target, request } = exchange;
  const url = `${new URL(baseUrl).origin}${target}`;
  const parts = [`curl${optionsFor(row.method, request.body !== null)} ${quote(url)}`];
  parts.push(`-H "Authorization: Bearer $SCIM_TOKEN"`);
  for (const [name, value] of request.headers) {
    if (HEADERS.includes(name) && value !== '') parts.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  if (request.body !== null) parts.push(`--data-raw ${quote(request.body)}`);
  // A comment would be an error in an interactive zsh; `:` does nothing in every shell.
  const remarks = remarksOn(exchange).map((remark) => `: ${quote(remark)}\n`);
  return `${remarks.join('')}${parts.join(' \\\n  ')}`;
}

/** What the command cannot repeat. */
export function remarksOn({ target, request }: Exchange): string[] {
  const body = request.body ?? '';
  return [
    ...(request.isTruncated ? [words.curl.truncated(new TextEncoder().encode(body).length)] : []),
    ...(body.includes(MASK) || target.includes(MASK) ? [words.curl.masked] : []),
    ...(body.includes('\ufffd') ? [words.curl.notText] : []),
  ];
}

/** Globbing is off: filters and ids may have brackets. The path is sent as it is, doubled slashes and dots included. */
function optionsFor(method: string, hasBody: boolean): string {
  const usual = hasBody ? 'POST' : 'GET';
  const named = method === 'HEAD' ? ' --head' : method === usual ? '' : ` -X ${quote(method)}`;
  return `${named} --globoff --path-as-is`;
}

/** One word for the shell, whatever is in it. */
function quote(text: string): string {
  if (/^[\w./:=@%+-]+$/.test(text)) return text;
  return `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}
