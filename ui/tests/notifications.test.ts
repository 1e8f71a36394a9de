import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Notice, NoticePlace } from '$lib/api';
import type { PageNotifications, Platform } from '$lib/platform';
import { AppState } from '$lib/state/app.svelte';
import { Notifier } from '$lib/state/notifier';
import { FakeServer } from './server';
import SettingsHost from './SettingsHost.svelte';

const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0, delay: null });
const refused: Notice = {
  kind: 'refused',
  at: '2026-06-07T12:03:11.000Z',
  title: '3 requests were refused: Okta',
  text: 'Rejected: the bearer token does not match.',
  place: { screen: 'directory', id: 'dir1', tab: 'requests', open: '7' },
};

/** A browser whose person has allowed notifications, or not. */
class Browser extends FakeServer {
  allowed: ReturnType<PageNotifications['permission']> = 'granted';
  shown: { title: string; text: string; tag: string; click: () => void }[] = [];
  readonly notifications: PageNotifications = {
    permission: () => this.allowed,
    ask: () => {
      this.allowed = 'granted';
      return Promise.resolve();
    },
    show: (notification, click) => this.shown.push({ ...notification, click }),
  };
}

let browser: Browser;
let app: AppState;
let notifier: Notifier;
let isLookedAt: boolean;

async function start(server: Platform): Promise<void> {
  app = new AppState(server);
  notifier = new Notifier(app);
  notifier.start();
  await app.start();
}

beforeEach(async () => {
  localStorage.clear();
  isLookedAt = false;
  vi.spyOn(document, 'hasFocus').mockImplementation(() => isLookedAt);
  browser = new Browser();
  await start(browser);
});
afterEach(() => {
  notifier.stop();
  cleanup();
});

it('are shown while nobody looks, and lead to their place', () => {
  browser.send([{ type: 'notice', notice: refused }]);
  expect(browser.shown).toMatchObject([{ title: refused.title, text: refused.text, tag: 'refused dir1' }]);
  browser.shown[0]?.click();
  expect(app.router.route).toEqual({ screen: 'directory', id: 'dir1', tab: 'requests', open: '7' });
});

it('are not shown to who sees it happen, or does not want them', () => {
  isLookedAt = true;
  browser.send([{ type: 'notice', notice: refused }]);
  isLookedAt = false;
  for (const permission of ['default', 'denied', 'unsupported'] as const) {
    browser.allowed = permission;
    browser.send([{ type: 'notice', notice: refused }]);
  }
  expect(browser.shown).toEqual([]);
});

it('of the window lead to a place in the page; one of a directory that is gone leads nowhere', async () => {
  notifier.stop();
  let show: (place: NoticePlace) => void = () => undefined;
  const server = Object.assign(new FakeServer(), {
    onPlace: (handler: (place: NoticePlace) => void) => {
      show = handler;
      return () => undefined;
    },
  });
  await start(server);
  show({ screen: 'settings' });
  expect(app.router.route).toEqual({ screen: 'settings' });
  show({ screen: 'directory', id: 'gone', tab: 'users', open: null });
  expect(app.router.route).toEqual({ screen: 'settings' });
  show({ screen: 'directory', id: 'dir1', tab: 'users', open: null });
  expect(app.router.route).toEqual({ screen: 'directory', id: 'dir1', tab: 'users' });
});

it('can be chosen one by one in Settings, once the browser allows them', async () => {
  browser.allowed = 'default';
  app.router.go({ screen: 'settings' });
  render(SettingsHost, { app });
  await user.click(screen.getByRole('button', { name: 'Allow in this browser' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Allow in this browser' })).toBeNull());

  await user.click(screen.getByRole('checkbox', { name: 'The first user arrives' }));
  const notify = { enabled: true, connected: true, firstUser: false, refused: true, tunnel: true, webhook: true };
  expect(browser.asked.at(-1)).toEqual({ method: 'PATCH', path: '/api/settings', body: { notify } });
  await user.click(screen.getByRole('switch', { name: 'Show notifications' }));
  expect(browser.asked.at(-1)?.body).toMatchObject({ notify: { enabled: false } });
});

it('the tray is offered only where there is one', async () => {
  const server = Object.assign(new FakeServer(), { hasTray: () => Promise.resolve(true) });
  app = new AppState(server);
  await app.start();
  app.router.go({ screen: 'settings' });
  render(SettingsHost, { app });
  await user.click(await screen.findByRole('switch', { name: 'Keep running in the tray' }));
  expect(server.asked.at(-1)).toEqual({ method: 'PATCH', path: '/api/settings', body: { stayInTray: true } });
  cleanup();

  app = new AppState(new FakeServer());
  await app.start();
  app.router.go({ screen: 'settings' });
  render(SettingsHost, { app });
  expect(screen.queryByRole('switch', { name: 'Keep running in the tray' })).toBeNull();
});
