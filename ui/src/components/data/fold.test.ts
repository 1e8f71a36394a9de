import { expect, it } from 'vitest';
import { foldsOf, linesInSight } from './fold';
import { layOutCutJson, layOutJson } from './json';

const TEXT = '{"a":[1,{"b":{}}],"urn:x":{"c":[]},"d":[{"e":1}]}';
const lines = layOutJson(TEXT) ?? [];
const shown = lines.map(({ tokens }) => tokens.map(({ text }) => text).join(''));

it('blocks with something in them can be folded', () => {
  const folds = [...foldsOf(lines).values()].map(({ start, end, name }) => [shown[start], shown[end], name]);
  expect(folds).toEqual([
    ['{', '}', ''],
    ['"a": [', '],', 'a'],
    ['{', '}', ''],
    ['"urn:x": {', '},', 'urn:x'],
    ['"d": [', ']', 'd'],
    ['{', '}', ''],
  ]);
});

it('what is folded is out of sight, blocks inside it included', () => {
  const folds = foldsOf(lines);
  const start = shown.indexOf('"a": [');
  const seen = linesInSight(lines.length, folds, new Set([start, start + 2]));
  expect(seen.map((index) => shown[index])).toEqual([
    '{',
    '"a": [',
    '"urn:x": {',
    '"c": []',
    '},',
    '"d": [',
    '{',
    '"e": 1',
    '}',
    ']',
    '}',
  ]);
  expect(linesInSight(lines.length, folds, new Set([0]))).toEqual([0]);
  expect(linesInSight(lines.length, folds, new Set())).toHaveLength(lines.length);
});

it('a block that was cut off is left open', () => {
  const cut = layOutCutJson('{"a":{"b":1},"c":{"d":');
  expect([...foldsOf(cut).values()].map(({ name }) => name)).toEqual(['a']);
});
