import { describe, expect, it } from 'vitest';
import { attributesOf, isAbout } from './attributes';

describe('the attributes of a resource', () => {
  const ada: unknown = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    id: '2819c223',
    externalId: '00u1',
    active: true,
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [
      { value: 'ada@example.com', type: 'work', primary: true },
      { value: 'ada@home.example', type: 'home' },
    ],
    roles: ['admin'],
    addresses: [{ type: 'work', streetAddress: '1 St James', locality: 'London' }],
    nickName: '',
    userName: 'ada@example.com',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      department: 'Marketing',
      manager: { value: '26118915', displayName: 'Barbara Liskov' },
    },
    meta: { resourceType: 'User' },
  };

  it('are flattened, the most telling first and the ids last', () => {
    expect(attributesOf(ada).map(({ name, value }) => [name, value])).toEqual([
      ['userName', 'ada@example.com'],
      ['name.givenName', 'Ada'],
      ['name.familyName', 'Lovelace'],
      ['emails[work]', 'ada@example.com'],
      ['emails[home]', 'ada@home.example'],
      ['department', 'Marketing'],
      ['roles', 'admin'],
      ['addresses[work]', '1 St James, London'],
      ['manager', 'Barbara Liskov'],
      ['externalId', '00u1'],
      ['id', '2819c223'],
    ]);
  });

  it('say which value is primary and which is an id', () => {
    const attributes = attributesOf(ada);
    expect(attributes.filter(({ isPrimary }) => isPrimary).map(({ name }) => name)).toEqual(['emails[work]']);
    expect(attributes.filter(({ isMono }) => isMono).map(({ name }) => name)).toEqual(['externalId', 'id']);
  });

  it('survive resources that are not objects', () => {
    expect(attributesOf(null)).toEqual([]);
    expect(attributesOf(['x'])).toEqual([]);
    expect(attributesOf({ name: null, emails: [null] })).toEqual([
      { name: 'emails', value: '(none)', isPrimary: false, isMono: false },
    ]);
  });
});

describe('a changed path', () => {
  it('belongs to the attribute that shows it', () => {
    expect(isAbout('title', 'title')).toBe(true);
    expect(isAbout('emails[work].value', 'emails[work]')).toBe(true);
    expect(isAbout('name', 'name.givenName')).toBe(true);
    expect(isAbout('emails[work].value', 'emails[home]')).toBe(false);
    expect(isAbout('titles', 'title')).toBe(false);
  });
});
