import { words } from '$lib/people-words';

/** Characters of a text, and elements of a list, that are laid out; a text of a million would stop the window. */
const MOST_CHARACTERS = 5_000;
const MOST_ELEMENTS = 500;

/** A JSON value as far as anybody reads it. Whoever copies it gets the whole. */
export function shorten(value: unknown): unknown {
  if (typeof value === 'string') {
    const rest = value.length - MOST_CHARACTERS;
    return rest > 0 ? value.slice(0, MOST_CHARACTERS) + words.moreCharacters(rest) : value;
  }
  if (Array.isArray(value)) {
    const rest = value.length - MOST_ELEMENTS;
    const shown: unknown[] = value.slice(0, MOST_ELEMENTS).map(shorten);
    return rest > 0 ? [...shown, words.moreElements(rest)] : shown;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shorten(inner)]));
}
