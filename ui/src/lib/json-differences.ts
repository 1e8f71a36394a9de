import type { FieldChange } from './api';
import { isObject } from './json-values';

/** Rows of a comparison at the most: beyond that nobody reads on. */
export const MOST_DIFFERENCES = 200;

/**
 * Where two JSON values differ, from the outside in: `Operations[0].value.title`. Elements of arrays are compared by their
 * place. The paths of all that differs, or of the first `MOST_DIFFERENCES` of them.
 */
export function differencesBetween(before: unknown, after: unknown): FieldChange[] {
  const found: FieldChange[] = [];
  compare(before, after, '', found);
  return found;
}

function compare(before: unknown, after: unknown, path: string, found: FieldChange[]): void {
  if (found.length >= MOST_DIFFERENCES) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1)
      compare(before[index], after[index], `${path}[${index}]`, found);
  } else if (isObject(before) && isObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(before[name], after[name], path === '' ? name : `${path}.${name}`, found);
  } else if (JSON.stringify(before) !== JSON.stringify(after)) found.push({ path, before, after });
}
