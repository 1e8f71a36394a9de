import type { Exchange, ExpectedOutcome, FieldChange, RequestDraft } from '$lib/api';
import { layOutJson } from '$components/data/json';
import { differencesBetween } from '$lib/json-differences';

/** What a request can do. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** What stands in the place of a secret that was not kept. */
const MASK = '••••';

/** A request that a person writes, or makes out of a recorded one. */
export class DraftForm {
  method = $state('GET');
  path = $state('/Users');
  body = $state('');
  /** The version that it may change; empty: any. */
  ifMatch = $state('');
  /** What came of it when it was tried as it was then. */
  #tried = $state.raw<{ draft: string; outcome: ExpectedOutcome } | null>(null);
  readonly #original: RequestDraft | null;

  constructor(original: Exchange | null, baseUrl: string) {
    this.#original = original === null ? null : draftOf(original, baseUrl);
    if (this.#original === null) return;
    this.method = this.#original.method;
    this.path = this.#original.path;
    this.body = this.#original.body ?? '';
    this.ifMatch = this.#original.ifMatch ?? '';
  }

  /** Whether a secret that was not kept is to be filled in: its mask would be sent in its place. */
  get hasMask(): boolean {
    return this.hasBody && this.body.includes(MASK);
  }

  /** Whether it brings a body. */
  get hasBody(): boolean {
    return ['POST', 'PUT', 'PATCH'].includes(this.method);
  }

  get draft(): RequestDraft {
    const { method, path } = this;
    const replayOf = this.#original?.replayOf;
    return {
      method,
      path: path.trim(),
      ...(this.hasBody ? { body: this.body } : {}),
      ...(this.ifMatch.trim() === '' ? {} : { ifMatch: this.ifMatch.trim() }),
      ...(replayOf === undefined ? {} : { replayOf }),
    };
  }

  /** What was edited of the request that it was made from. */
  get edits(): FieldChange[] {
    const original = this.#original;
    if (original === null) return [];
    const { method, path, body, ifMatch } = this.draft;
    const line = (name: string, before: unknown, after: unknown) =>
      before === after ? [] : [{ path: name, before, after }];
    return [
      ...line('method', original.method, method),
      ...line('path', original.path, path),
      ...line('If-Match', original.ifMatch, ifMatch),
      ...differencesBetween(parsed(original.body), parsed(body)),
    ];
  }

  /** What it would do as it stands; `null`: that was not tried. A read does nothing. */
  get expected(): ExpectedOutcome | null {
    return this.#tried?.draft === JSON.stringify(this.draft) ? this.#tried.outcome : null;
  }

  /** Whether it may change something of which nobody knows yet what. A bulk request cannot be tried. */
  get isToBeTried(): boolean {
    const isBulk = /^\/bulk\b/i.test(this.path.trim());
    return this.method !== 'GET' && !isBulk && this.expected === null;
  }

  take(draft: RequestDraft, outcome: ExpectedOutcome): void {
    this.#tried = { draft: JSON.stringify(draft), outcome };
  }
}

/** A recorded request as one that can be sent. */
function draftOf({ row, target, request }: Exchange, baseUrl: string): RequestDraft {
  const base = new URL(baseUrl).pathname;
  const path = target.startsWith(base) ? target.slice(base.length) : target;
  const ifMatch = request.headers.find(([name]) => name === 'if-match')?.[1];
  return {
    method: row.method,
    path: path === '' ? '/' : path,
    body: formatted(request.body ?? ''),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    replayOf: row.id,
  };
}

/** The body as a person edits it: JSON in lines, with its numbers and names as they were sent. */
function formatted(body: string): string {
  const lines = layOutJson(body);
  if (lines === null) return body;
  return lines.map(({ depth, tokens }) => '  '.repeat(depth) + tokens.map(({ text }) => text).join('')).join('\n');
}

/** The body as JSON; as it is if it is something else, and nothing if there is none. */
function parsed(body: string | null | undefined): unknown {
  if (body === null || body === undefined || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
