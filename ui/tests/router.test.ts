import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Router } from '$lib/state/router.svelte';
import { formatRoute, type Route } from '$lib/state/route';
import { Unsaved } from '$lib/state/unsaved';

const users: Route = { screen: 'directory', id: 'okta', tab: 'users' };
const ada: Route = { ...users, open: 'ada' };
const settings: Route = { screen: 'settings' };

let unsaved: Unsaved;
let router: Router;
/** What the person is asked, if anything. */
let asked: (() => void)[];

/** Moves through the history as a browser does. */
async function move(how: () => void): Promise<void> {
  const moved = new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }));
  how();
  await moved;
}

function start(): void {
  router = new Router(unsaved, { onshow: () => undefined, onleave: (go) => asked.push(go) });
  router.start();
  router.replace(users);
}

beforeEach(() => {
  asked = [];
  unsaved = new Unsaved();
  start();
});
afterEach(() => router.stop());

test('pages have addresses, and Back and Forward go from one to the other', async () => {
  router.go(settings);
  expect(location.hash).toBe('#/settings');
  await move(() => history.back());
  expect(router.route).toEqual(users);
  await move(() => history.forward());
  expect(router.route).toEqual(settings);
});

test('what is opened in a page is closed by Back, and closing it is no further step', async () => {
  const length = history.length;
  router.adjust(ada);
  expect(history.length).toBe(length + 1);
  await move(() => history.back());
  expect(router.route).toEqual(users);

  router.adjust(ada);
  await move(() => router.adjust(users));
  expect(location.hash).toBe(`#${formatRoute(users)}`);
  // It stands where it stood before: what was opened is ahead, nothing new is behind.
  await move(() => history.forward());
  expect(router.route).toEqual(ada);
});

test('another row, another filter and another part are no steps', () => {
  router.adjust(ada);
  const { length } = history;
  for (const other of [
    { ...users, open: 'grace' },
    { ...ada, part: 'json' },
    { ...ada, search: 'a' },
    { ...users, search: 'a' },
  ])
    router.adjust(other);
  expect(history.length).toBe(length);
  expect(router.route).toEqual({ ...users, search: 'a' });
});

/** As strict as WebKit: 100 addresses in 30 seconds. */
test('many changes in a row are few addresses, and the last one stays', async () => {
  router.stop();
  vi.useFakeTimers();
  try {
    start();
    const written = vi.spyOn(history, 'replaceState');
    for (let n = 0; n < 300; n += 1) {
      router.adjust({ ...users, search: 'x'.repeat(n + 1) });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(written.mock.calls.length).toBeLessThan(90);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(location.hash).toBe(`#${formatRoute({ ...users, search: 'x'.repeat(300) })}`);
  } finally {
    vi.useRealTimers();
  }
});

test('whoever loads the page again at once finds what they saw', async () => {
  router.adjust(ada);
  for (const part of ['history', 'json', undefined, 'json']) {
    router.adjust({ ...ada, part });
    await new Promise((resolve) => setTimeout(resolve));
    expect(location.hash).toBe(`#${formatRoute({ ...ada, part })}`);
  }
});

test('a page that was searched is found again as it was', async () => {
  for (const search of ['a', 'ad', 'ada']) router.adjust({ ...users, search });
  router.go(settings);
  await move(() => history.back());
  expect(router.route).toEqual({ ...users, search: 'ada' });
});

test('what is not saved is asked about before any way out', async () => {
  router.go(settings);
  const done = unsaved.register(() => true);
  router.go(users);
  expect([router.route, asked.length]).toEqual([settings, 1]);

  await move(() => history.back());
  await new Promise((resolve) => setTimeout(resolve));
  expect([router.route, asked.length, location.hash]).toEqual([settings, 2, '#/settings']);
  await move(() => asked[1]?.());
  expect(router.route).toEqual(users);
  done();
  await move(() => history.forward());
  expect([router.route, asked.length]).toEqual([settings, 2]);
});

test('an address that is typed is a page like others', async () => {
  history.pushState(null, '', '#/settings');
  window.dispatchEvent(new PopStateEvent('popstate', { state: null }));
  expect(router.route).toEqual(settings);
  await move(() => history.back());
  expect(router.route).toEqual(users);
});
