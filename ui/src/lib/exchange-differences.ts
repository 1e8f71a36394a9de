import type { Exchange, FieldChange, Message } from './api';
import { differencesBetween } from './json-differences';
import { words } from './request-words';

/** What differs in one part of two requests. */
export interface Difference {
  title: string;
  fields: FieldChange[];
}

/** What differs between two requests, `before` and `after`, part by part; parts that are the same are left out. */
export function exchangeDifferences(before: Exchange, after: Exchange): Difference[] {
  const { detail } = words;
  const parts: Difference[] = [
    { title: words.compare.outcome, fields: differencesBetween(outcomeOf(before), outcomeOf(after)) },
    {
      title: words.compare.requestHeaders,
      fields: differencesBetween(headersOf(before.request), headersOf(after.request)),
    },
    { title: detail.requestBody, fields: bodyDifferences(before.request, after.request) },
    {
      title: words.compare.responseHeaders,
      fields: differencesBetween(headersOf(before.response), headersOf(after.response)),
    },
    { title: detail.responseBody, fields: bodyDifferences(before.response, after.response) },
    { title: detail.notes, fields: differencesBetween(notesOf(before), notesOf(after)) },
  ];
  return parts.filter(({ fields }) => fields.length > 0);
}

function outcomeOf({ row, authorization, client }: Exchange): Record<string, unknown> {
  const { labels } = words.compare;
  return {
    [labels.method]: row.method,
    [labels.path]: row.path,
    [labels.status]: row.status,
    [labels.effect]: [row.summary.text, row.summary.outcome].filter((part) => part !== null).join(' → '),
    [labels.authorization]: authorization.verdict,
    [labels.client]: client,
  };
}

/** By their names in lower case: letter case and order say nothing. */
function headersOf({ headers }: Message): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name = '', value = ''] of headers) {
    const former = values.get(name.toLowerCase());
    values.set(name.toLowerCase(), former === undefined ? value : `${former}, ${value}`);
  }
  return Object.fromEntries(values);
}

function notesOf({ notes }: Exchange): Record<string, string> {
  return Object.fromEntries(notes.map(({ rule, text }) => [rule, text]));
}

/** Of JSON the values that differ; of anything else the whole. */
function bodyDifferences(before: Message, after: Message): FieldChange[] {
  const both = [before, after].map(({ body, isTruncated }) => (isTruncated ? undefined : parsed(body)));
  const [first, second] = both;
  if (first !== undefined && second !== undefined)
    return differencesBetween(first, second).map((field) => ({ ...field, path: field.path || words.detail.body }));
  return before.body === after.body ? [] : [{ path: words.detail.body, before: before.body, after: after.body }];
}

/** `undefined`: it is not JSON; none is `null`. */
function parsed(body: string | null): unknown {
  try {
    return body === null || body === '' ? null : (JSON.parse(body) as unknown);
  } catch {
    return undefined;
  }
}
