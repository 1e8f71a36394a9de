import { expect, it } from 'vitest';
import { parts, score } from './match';

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
])('%s, %s', (text, query, expected) => expect(score(text, query)).toBe(expected));

it.each([
  ['Ada Lovelace', 'ADA lace', ['[Ada]', ' Love', '[lace]']],
  ['adada', 'ada ad', ['[ada]', 'da']],
  ['a.b', '.', ['a', '[.]', 'b']],
  ['Åsa', 'å', ['[Å]', 'sa']],
  ['İstanbul', 'istanbul', ['İstanbul']],
  ['', 'a', []],
  ['x', '', ['x']],
])('%s, %s', (text, query, expected) =>
  expect(parts(text, query).map((part) => (part.isMatch ? `[${part.text}]` : part.text))).toEqual(expected),
);
