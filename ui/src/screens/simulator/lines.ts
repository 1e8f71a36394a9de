import type { CheckOutcome, SourceInfo, StepReport } from '$lib/api';
import type { RowState } from '$lib/simulator-words';

/** The page that a run stands on. */
export type RunPage = { screen: 'directory'; id: string; tab: 'simulator' } | { screen: 'check' };

/** A step or a check in the list of a run. */
export type RunRow = { key: string; state: RowState } & ({ step: StepReport } | { outcome: CheckOutcome });

// A thousand people are some thousand steps: beyond a few hundred, those that went well become one line per hundred.

/** From here on. */
export const MANY = 200;
const HUNDRED = 100;
/** Of the bad ones of a hundred, so many are lines of their own. */
const MOST_BAD = 20;

/** A row of its own, or what a hundred of them came to. */
export type Line<Row> =
  { kind: 'one'; row: Row } | { kind: 'many'; from: number; to: number; rows: Row[]; hidden: number };

/** Rows as lines; `isBad`: worth a line of its own in any case; `numberOf`: how a row is called, which counts from 1. */
export function linesOf<Row>(
  rows: Row[],
  isBad: (row: Row) => boolean,
  numberOf: (row: Row, index: number) => number = (_, index) => index + 1,
): Line<Row>[] {
  if (rows.length <= MANY) return rows.map((row) => ({ kind: 'one', row }));
  const lines: Line<Row>[] = [];
  for (let start = 0; start < rows.length; start += HUNDRED) {
    const hundred = rows.slice(start, start + HUNDRED);
    const bad = hundred.filter(isBad);
    const hidden = Math.max(0, bad.length - MOST_BAD);
    const [first, last] = [hundred[0], hundred.at(-1)];
    if (first === undefined || last === undefined) break;
    const [from, to] = [numberOf(first, start), numberOf(last, start + hundred.length - 1)];
    lines.push({ kind: 'many', from, to, rows: hundred, hidden });
    for (const row of bad.slice(0, MOST_BAD)) lines.push({ kind: 'one', row });
  }
  return lines;
}

/** Neighbors with the same state as one part of a bar, in shares of `total`. */
export function partsOf<State>(states: State[], total: number): { state: State; share: number }[] {
  const parts: { state: State; share: number }[] = [];
  for (const state of states) {
    const last = parts.at(-1);
    if (last?.state === state) last.share += 1 / total;
    else parts.push({ state, share: 1 / total });
  }
  return parts;
}

/** `/Users/1d14110c…` of `/Users/1d14110c-6acd-4b98-9348-1dd9a84fae4f`; ids that a plan made up have none of their own to show. */
export function withShortIds(target: string): string {
  return target
    .replace(/\b0{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '…')
    .replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '$1…');
}

/** Of the places where a rule stands, those in an RFC: `LabA §4; RFC 7644 §3.4.2.2` → `RFC 7644 §3.4.2.2`. */
export function rfcOf(section: string): string {
  const places = section.split(';').map((place) => place.trim());
  return places.filter((place) => place.startsWith('RFC')).join('; ');
}

/** Places by their keys, with the titles of their sources: `LabA §1, LabB §6; OktaRef` → `A request log … §1`, …. */
export function namedPlaces(text: string, sources: SourceInfo[]): string[] {
  const titleOf = (key: string) => sources.find((source) => source.key === key)?.title;
  const named: string[] = [];
  for (const place of text.split(/[;,]/).map((part) => part.trim())) {
    const [key = '', ...rest] = place.split(' ');
    const title = titleOf(key);
    // `SPEC test, step 5` is one place.
    if (title === undefined && /^[a-z]/.test(place) && named.length > 0) named.push(`${named.pop()}, ${place}`);
    else if (place !== '') named.push([title ?? key, ...rest].join(' '));
  }
  return named;
}

/** What to fix so that a failed check passes: the same sentence for all with the same cause. */
export function causeOf({ verdict, cause, check }: CheckOutcome): string | null {
  return verdict === 'failed' ? (cause ?? check.fix) : null;
}

/** The causes that several failed checks share, those of the most checks first. */
export function causesOf(outcomes: CheckOutcome[]): { cause: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const cause of outcomes.map(causeOf)) if (cause !== null) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  const causes = [...counts].map(([cause, count]) => ({ cause, count }));
  return causes.filter(({ count }) => count > 1).sort((one, other) => other.count - one.count);
}
