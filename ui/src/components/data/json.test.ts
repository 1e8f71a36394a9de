import { describe, expect, it } from 'vitest';
import { layOutCutJson, layOutJson, type Line } from './json';

const print = (lines: Line[] | null) =>
  (lines ?? []).map(({ depth, tokens }) => '  '.repeat(depth) + tokens.map(({ text }) => text).join('')).join('\n');

describe('laying out JSON', () => {
  it('indents like a person would and keeps empty containers on one line', () => {
    const value = { schemas: ['urn:a:b'], groups: [], meta: {}, name: { givenName: 'Ada' }, active: true, age: 1 };
    expect(print(layOutJson(JSON.stringify(value)))).toBe(JSON.stringify(value, null, 2));
  });

  it('keeps the digits of numbers, the order of keys and duplicates', () => {
    const text = '{"2":1.0,"1":12345678901234567890,"1":1e2}';
    expect(print(layOutJson(text))).toBe('{\n  "2": 1.0,\n  "1": 12345678901234567890,\n  "1": 1e2\n}');
  });

  it('tells keys, strings, numbers and literals apart', () => {
    const kinds = layOutJson('{"a":"b","c":-1.5,"d":null}')?.flatMap(({ tokens }) => tokens.map(({ kind }) => kind));
    expect(kinds?.filter((kind) => kind !== 'punctuation')).toEqual([
      'key',
      'string',
      'key',
      'number',
      'key',
      'literal',
    ]);
  });

  it('reads strings that contain every kind of punctuation', () => {
    const text = '{"a":"x \\" } ] , : [ { \\\\"}';
    expect(print(layOutJson(text))).toBe('{\n  "a": "x \\" } ] , : [ { \\\\"\n}');
  });

  it('knows the path of a line, without URNs and positions', () => {
    const text = '{"emails":[{"value":"a@b"}],"urn:ietf:params:scim:x:2.0:User":{"department":"Sales"},"tags":["x"]}';
    const paths = layOutJson(text)?.map(({ path }) => path);
    expect(paths).toContain('emails.value');
    expect(paths).toContain('department');
    expect(paths?.filter((path) => path === 'tags')).toHaveLength(2);
  });

  it('refuses what is not JSON', () => {
    expect(layOutJson('<html>Bad gateway</html>')).toBeNull();
    expect(layOutJson('{"a" 1}')).toBeNull();
    expect(layOutJson('')).toBeNull();
  });

  it('lays out the beginning of a body that was cut', () => {
    expect(print(layOutCutJson('{"members":[{"value":"1"},{"val'))).toBe(
      '{\n  "members": [\n    {\n      "value": "1"\n    },\n    {\n      "val',
    );
  });

  it('reads a string of several megabytes', () => {
    expect(layOutJson(JSON.stringify({ photo: 'x\\"'.repeat(1_000_000) }))).toHaveLength(3);
  });
});
