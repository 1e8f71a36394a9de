import { expect, it } from 'vitest';
import keys from '../../../tests/data/search/keys.json';
import { parts, score, searchKey } from './match';

it.each(keys)('%s has the key %s that it has on the server', (text, key) => expect(searchKey(text ?? '')).toBe(key));

it.each([
  ['Ada Lovelace', 'ada', 3],
  ['Ada Lovelace', 'love', 2],
  ['Ada Lovelace', 'lace', 1],
  ['Ada Lovelace', 'lace ada', 1],
  ['Ada Lovelace', 'adax', 0],
  ['Ada Lovelace', '', 1],
  ['GET /Users/7', 'users', 2],
  ['a+b', '+', 1],
  ['(x', '(', 3],
  ['Jürgen Müller', 'muller', 2],
  ['Mary O’Brien', "o'brien", 2],
])('%s, %s', (text, query, expected) => expect(score(text, query)).toBe(expected));

it.each([
  ['Ada Lovelace', 'ADA lace', ['[Ada]', ' Love', '[lace]']],
  ['adada', 'ada ad', ['[ada]', 'da']],
  ['a.b', '.', ['a', '[.]', 'b']],
  ['Åsa', 'å', ['[Å]', 's', '[a]']],
  ['İstanbul', 'istanbul', ['[İstanbul]']],
  ['Mary O’Brien', 'obrien', ['Mary ', '[O’Brien]']],
  ['Mu\u0308ller x', 'mu', ['[Mu\u0308]', 'ller x']],
  ['Straße', 'ss', ['Stra', '[ß]', 'e']],
  ['', 'a', []],
  ['x', '', ['x']],
])('%s, %s', (text, query, expected) =>
  expect(parts(text, query).map((part) => (part.isMatch ? `[${part.text}]` : part.text))).toEqual(expected),
);
