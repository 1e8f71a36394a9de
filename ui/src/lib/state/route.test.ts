import { expect, test } from 'vitest';
import { directoryTabs, formatRoute, isSamePage, parseRoute, type Route } from './route';

const awkward = ['okta', 'a/b', 'a b?c#d&e=f', '100%', 'Zoë Ωmega', '..', 'просто', '%2F'];

/** Every kind of page, with names that an address cannot hold as they are. */
const routes: Route[] = [
  { screen: 'home' },
  { screen: 'settings' },
  { screen: 'unattributed' },
  { screen: 'check' },
  ...awkward.flatMap((text): Route[] => [
    { screen: 'home', id: text },
    { screen: 'organization', id: text },
    { screen: 'request', id: text },
    { screen: 'unattributed', open: text, search: text },
    { screen: 'check', open: text, part: text },
    ...directoryTabs.map((tab): Route => ({ screen: 'directory', id: text, tab })),
    ...directoryTabs.map((tab): Route => ({
      screen: 'directory',
      id: text,
      tab,
      search: text,
      show: 'deactivated',
      sort: 'name',
      order: 'asc',
      open: text,
      part: 'history',
      at: 1_234_567,
      with: 7,
    })),
  ]),
];

test('every page has an address of its own, which leads to it', () => {
  for (const route of routes) expect(parseRoute(formatRoute(route))).toStrictEqual(route);
  expect(new Set(routes.map(formatRoute)).size).toBe(routes.length);
});

test('an address is what stands after a hash as it is', () => {
  for (const route of routes)
    expect(new URL(`http://127.0.0.1/#${formatRoute(route)}`).hash).toBe(`#${formatRoute(route)}`);
});

test.each([
  '/nowhere',
  '/directories',
  '/directories/okta',
  '/directories/okta/nothing',
  '/directories//users',
  'settings',
  '/settings/more',
  '/requests/1/2',
  '/organizations',
  '/organizations/',
  '//',
  '/directories/okta/users/1/2',
])('%s is no page, and keeps its address', (address) => {
  expect(parseRoute(address)).toStrictEqual({ screen: 'unknown', address });
  expect(formatRoute(parseRoute(address))).toBe(address);
});

test('what an address cannot say is left out', () => {
  const page = { screen: 'directory', id: 'okta', tab: 'users' };
  for (const query of ['order=up', 'at=now', 'at=-1', 'at=1e99', 'at=', 'other=1'])
    expect(parseRoute(`/directories/okta/users?${query}`)).toStrictEqual(page);
  expect(parseRoute('/directories/okta/users/')).toStrictEqual(page);
  expect(parseRoute('/directories/%E0%A4%A/users')).toStrictEqual({ ...page, id: '%E0%A4%A' });
  expect(parseRoute('')).toStrictEqual({ screen: 'home' });
});

test('a page is the same whatever is open in it', () => {
  const users: Route = { screen: 'directory', id: 'okta', tab: 'users' };
  expect(isSamePage(users, { ...users, open: 'ada', search: 'a' })).toBe(true);
  expect(isSamePage({ screen: 'unattributed' }, { screen: 'unattributed', open: '1' })).toBe(true);
  for (const other of [
    { ...users, tab: 'groups' as const },
    { ...users, id: 'entra' },
    { screen: 'settings' as const },
  ])
    expect(isSamePage(users, other)).toBe(false);
});
