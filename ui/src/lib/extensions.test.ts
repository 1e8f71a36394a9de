import { describe, expect, it } from 'vitest';
import { type AttributeDefinition, declare, readAttributes, schemaName, writeAttributes } from './extensions';

const text = (name: string, multiValued = false): AttributeDefinition => ({
  name,
  type: 'string',
  multiValued,
  description: '',
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
});
const cars: AttributeDefinition = {
  name: 'cars',
  type: 'complex',
  multiValued: true,
  subAttributes: [text('value')],
};
const secret: AttributeDefinition = { ...text('secret'), mutability: 'writeOnly', returned: 'never' };

describe('the lines of an extension', () => {
  it('declare attributes as RFC 7643 §7 has them', () => {
    expect(readAttributes('badgeNumber string\n\n  doors   string[]  \n')).toEqual([
      text('badgeNumber'),
      text('doors', true),
    ]);
  });

  it('say letter case only of what is text, and what a reference points to', () => {
    const read = readAttributes(
      'since datetime\nphoto Binary\nsite reference []\nlevel integer',
    ) as AttributeDefinition[];
    expect(
      read.map(({ name, type, multiValued, caseExact, referenceTypes }) => [
        name,
        type,
        multiValued,
        caseExact,
        referenceTypes,
      ]),
    ).toEqual([
      ['since', 'dateTime', false, undefined, undefined],
      ['photo', 'binary', false, true, undefined],
      ['site', 'reference', true, true, ['external']],
      ['level', 'integer', false, undefined, undefined],
    ]);
  });

  it.each([
    ['badgeNumber', { line: 1, text: 'badgeNumber', kind: 'shape' }],
    ['a string\nbadge number string', { line: 2, text: 'badge number string', kind: 'shape' }],
    ['a string[2]', { line: 1, text: 'a string[2]', kind: 'shape' }],
    ['a string\n\nb text', { line: 3, text: 'b text', kind: 'type' }],
    ['a string\nA integer', { line: 2, text: 'A integer', kind: 'twice' }],
    ['cars complex[]', { line: 1, text: 'cars complex[]', kind: 'complex' }],
  ])('%j are refused where they are wrong', (lines, problem) => {
    expect(readAttributes(lines)).toEqual(problem);
  });

  it('come back as they were typed', () => {
    const lines = 'badgeNumber string\ndoors string[]\nisGuest boolean\nweight decimal\nsince dateTime';
    expect(writeAttributes(readAttributes(lines) as AttributeDefinition[])).toBe(lines);
  });

  it('keep what a line cannot say, as long as the line stays', () => {
    const known = [cars, secret];
    expect(writeAttributes(known)).toBe('cars complex[]\nsecret string');
    expect(readAttributes('secret string\ncars complex[]\nnote string', known)).toEqual([secret, cars, text('note')]);
    expect(readAttributes('secret string[]', known)).toEqual([text('secret', true)]);
    expect(readAttributes('cars complex', known)).toEqual({ line: 1, text: 'cars complex', kind: 'complex' });
  });

  it('can be none', () => {
    expect(readAttributes(' \n')).toEqual([]);
  });
});

it.each([
  ['urn:example:params:scim:schemas:extension:badge:2.0:User', 'BadgeUser'],
  ['urn:ietf:params:scim:schemas:extension:acme:2.0:Group', 'AcmeGroup'],
  ['urn:okta:acme_1:1.0:user:custom', 'Custom'],
  ['urn:example:extension', 'Extension'],
  ['no urn', 'Extension'],
])('%s is called %s', (urn, name) => {
  expect(schemaName(urn)).toBe(name);
});

describe('a declared extension', () => {
  it('has a name out of its URN', () => {
    const id = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
    expect(declare(` ${id} `, [text('a')])).toEqual({
      id,
      name: 'BadgeUser',
      description: '',
      attributes: [text('a')],
    });
  });

  it('keeps its name while it keeps its URN', () => {
    const before = { id: 'urn:example:badge', name: 'Badges', description: 'Of the doors', attributes: [text('a')] };
    expect(declare('urn:example:badge', [text('b')], before)).toEqual({ ...before, attributes: [text('b')] });
    expect(declare('urn:example:door', [text('b')], before).name).toBe('Door');
  });
});
