import { expect, test } from 'vitest';
import {
  activation,
  addition,
  change,
  conflictsBetween,
  creation,
  deletion,
  operationsBetween,
  removal,
} from './resource-edits';
import { ResourceForm, resourceFields } from './resource-form.svelte';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const ada = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  id: '2819c223',
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [
    { value: 'a@home.example', type: 'home' },
    { value: 'ada@example.com', type: 'work', primary: true },
  ],
  title: 'Lead',
  active: true,
  groups: [{ value: 'g' }],
  [ENTERPRISE]: { department: 'Sales', manager: { value: 'm' } },
  meta: { resourceType: 'User', version: 'W/"3"' },
};

const bodyOf = ({ body }: { body?: string | null }) => JSON.parse(body ?? 'null') as Record<string, unknown>;

test('only what is different is sent, by its path', () => {
  const after = {
    ...ada,
    name: { givenName: 'Augusta', familyName: 'Lovelace' },
    title: undefined,
    nickName: 'The Countess',
    emails: [],
    [ENTERPRISE]: { department: 'Research', manager: { value: 'n' } },
    id: 'other',
    groups: [],
    meta: {},
  };
  expect(operationsBetween(ada, after)).toEqual([
    { op: 'replace', path: 'name.givenName', value: 'Augusta' },
    { op: 'remove', path: 'emails' },
    { op: 'remove', path: 'title' },
    { op: 'replace', path: `${ENTERPRISE}:department`, value: 'Research' },
    { op: 'replace', path: `${ENTERPRISE}:manager.value`, value: 'n' },
    { op: 'replace', path: 'nickName', value: 'The Countess' },
  ]);
});

test('an extension that comes or goes is its attributes', () => {
  const { [ENTERPRISE]: extension, ...without } = ada;
  expect(operationsBetween(without, { ...without, [ENTERPRISE]: extension })).toEqual([
    { op: 'replace', path: `${ENTERPRISE}:department`, value: 'Sales' },
    { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: 'm' } },
  ]);
  expect(operationsBetween(ada, without).map(({ op, path }) => `${op} ${path}`)).toEqual([
    `remove ${ENTERPRISE}:department`,
    `remove ${ENTERPRISE}:manager`,
  ]);
});

test('a change is of the version that was seen, and the same is not sent', () => {
  expect(change('user', 'a/b', ada, { ...ada, title: 'Director' })).toMatchObject({
    method: 'PATCH',
    path: '/Users/a%2Fb',
    ifMatch: 'W/"3"',
  });
  expect(change('user', '2819c223', ada, { ...ada })).toBeNull();
});

test('only what both have changed is in conflict', () => {
  const theirs = { ...ada, title: 'Admiral', name: { givenName: 'Ada', familyName: 'Byron' } };
  expect(conflictsBetween(ada, { ...ada, nickName: 'The Countess' }, theirs)).toEqual([]);
  const mine = { ...ada, title: 'Countess', name: { givenName: 'Augusta', familyName: 'Lovelace' } };
  expect(conflictsBetween(ada, mine, theirs)).toEqual(['title']);
  expect(conflictsBetween(ada, { ...ada, name: undefined }, theirs)).toEqual(['name']);
  expect(conflictsBetween({ name: 1, names: 1 }, { name: 2, names: 1 }, { name: 1, names: 2 })).toEqual([]);
  expect(change('user', '1', ada, mine, { meta: { version: 'W/"9"' } })?.ifMatch).toBe('W/"9"');
});

test('each deed is one request', () => {
  expect(bodyOf(creation('user', ada))).toMatchObject({ schemas: ada.schemas, userName: 'ada' });
  expect(bodyOf(creation('user', ada))).not.toHaveProperty('id');
  expect(creation('group', { displayName: 'Engineering' }).path).toBe('/Groups');
  expect(bodyOf(activation('1', false))['Operations']).toEqual([{ op: 'replace', path: 'active', value: false }]);
  expect(deletion('group', '1')).toEqual({ method: 'DELETE', path: '/Groups/1' });
  expect(bodyOf(addition('g', ['1', '2']))['Operations']).toEqual([
    { op: 'add', path: 'members', value: [{ value: '1' }, { value: '2' }] },
  ]);
  expect(bodyOf(removal('g', 'a"b'))['Operations']).toEqual([{ op: 'remove', path: 'members[value eq "a\\"b"]' }]);
});

test('a line of the form is one attribute', () => {
  const form = new ResourceForm('user');
  form.begin(ada);
  const field = (name: string) => {
    const found = resourceFields.user.find((known) => known.name === name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  expect(resourceFields.user.map((known) => form.read(known))).toEqual([
    'ada',
    'Ada',
    'Lovelace',
    '',
    'ada@example.com',
    'Lead',
  ]);
  form.write(field('email'), 'ada@work.example');
  form.write(field('title'), '');
  form.write(field('displayName'), 'Ada L.');
  form.isActive = false;
  expect(form.finish()).toMatchObject({
    emails: [ada.emails[0], { value: 'ada@work.example', type: 'work', primary: true }],
    displayName: 'Ada L.',
    active: false,
  });
  expect(form.finish()).not.toHaveProperty('title');
  form.write(field('givenName'), '');
  form.write(field('familyName'), '');
  expect(form.finish()).not.toHaveProperty('name');
});

test('JSON that cannot be read stays, and says what is wrong', () => {
  const form = new ResourceForm('group');
  form.begin({ displayName: 'Engineering' });
  form.show('json');
  for (const [json, problem] of [
    ['{"displayName"', /not JSON/],
    ['[]', /JSON object/],
    ['{"displayName": "Research", "members": []}', /members/],
  ] as const) {
    form.json = json;
    expect(form.finish()).toBeNull();
    expect(form.problem).toMatch(problem);
    form.show('fields');
    expect([form.view, form.json]).toEqual(['json', json]);
  }
  form.json = '{"displayName": "Research"}';
  form.show('fields');
  expect([form.view, form.problem, form.finish()]).toEqual(['fields', null, { displayName: 'Research' }]);
});
