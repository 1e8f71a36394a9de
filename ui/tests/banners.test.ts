import { cleanup, render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Directory, MisaddressedRequests, Rejected } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import { bannerOf } from '$lib/state/banner';
import { FakeServer, directory, environment } from './server';
import PageBannerHost from './PageBannerHost.svelte';

const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0 });
const formerUrl = { baseUrl: 'https://old.ngrok.app/scim/v2/dir1', since: '2026-06-07T12:00:00.000Z' };
const moved: Directory = {
  ...directory,
  baseUrlIsLocal: false,
  baseUrl: 'https://new.ngrok.app/scim/v2/dir1',
  formerUrl,
};
const absence = {
  cause: 'closed' as const,
  since: '2026-06-06T18:02:00.000Z',
  until: '2026-06-07T08:12:00.000Z',
  providers: [{ provider: 'Okta', directoryIds: ['dir1'], advice: 'Okta does not retry a deactivation.' }],
};

const nameCollisions: Directory['nameCollisions'] = [
  {
    resources: [
      { id: 'u1', kind: 'user', name: 'jürgen' },
      { id: 'u2', kind: 'user', name: 'JÜRGEN' },
    ],
  },
];

let server: FakeServer;
let app: AppState;

beforeEach(() => {
  localStorage.clear();
  server = new FakeServer();
  app = new AppState(server);
});
afterEach(cleanup);

const show = async () => {
  await app.start();
  render(PageBannerHost, { app });
};

it('shows the most severe of what is wrong, and the others as it is mended', async () => {
  const rejected = {
    count: 3,
    since: '2026-06-07T12:00:00.000Z',
    reason: [{ text: 'They sent a token ending …x7Kd.' }],
    verdict: 'unknown' as const,
    exchangeId: 7,
    lastFour: 'x7Kd',
  };
  server.tree = { ...server.tree, directories: [{ ...moved, rejected }] };
  server.status = {
    ...server.status,
    absence,
    recordingProblem: 'The disk is full.',
    listener: { state: 'failed', port: 7246, message: 'Port 7246 is in use.', suggestedPort: null },
  };
  await app.start();
  const bannerWith = (state: 'problem' | 'works') => bannerOf({ ...app, tunnel: { state } });

  app.connection.state = 'lost';
  expect(bannerWith('problem')).toBe('disconnected');
  app.connection.state = 'live';
  expect(bannerWith('problem')).toBe('notListening');
  server.status = { ...server.status, listener: { state: 'listening', address: '127.0.0.1:7246', port: 7246 } };
  await app.connection.reload();
  expect(bannerWith('problem')).toBe('tunnel');
  expect(bannerWith('works')).toBe('notRecording');
  server.status = { ...server.status, recordingProblem: null };
  await app.connection.reload();
  expect(bannerWith('works')).toBe('rejected');
  server.tree = { ...server.tree, directories: [{ ...moved, nameCollisions }] };
  await app.connection.reload();
  expect(bannerWith('works')).toBe('nameCollision');
  server.tree = { ...server.tree, directories: [moved] };
  await app.connection.reload();
  expect(bannerWith('works')).toBe('formerUrls');
  app.router.go({ screen: 'settings' });
  expect(bannerWith('problem'), 'Settings says both in their places').toBe('absence');
});

it('says who has the same name since names are compared differently, and leads to them', async () => {
  server.tree = { ...server.tree, directories: [{ ...directory, nameCollisions }] };
  await show();
  const banner = screen.getByRole('alert');
  expect(banner.textContent).toMatch(/2 users have the same userName\.\s*“jürgen” and “JÜRGEN” are the same to SCIM/);
  await user.click(screen.getByRole('button', { name: 'View the second' }));
  expect(app.router.route).toMatchObject({ screen: 'directory', id: 'dir1', tab: 'users', open: 'u2' });
});

it('says what Okta still has, and copies what to paste', async () => {
  server.tree = { ...server.tree, directories: [moved] };
  await show();
  expect(screen.getByRole('alert').textContent).toContain('Okta still has old.ngrok.app.');
  await user.click(screen.getByRole('button', { name: 'Copy base URL' }));
  expect(server.copied).toEqual([moved.baseUrl]);

  server.answers.set('DELETE /api/directories/dir1/former-url', { status: 204, body: null });
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  await vi.waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

it('lists several directories, each with its own base URL', async () => {
  const other = { ...moved, id: 'dir2', name: 'Entra ID', baseUrl: 'https://new.ngrok.app/scim/v2/dir2' };
  server.tree = { ...server.tree, directories: [moved, other] };
  await show();
  expect(screen.getByRole('alert').textContent).toContain('for 2 directories');
  await user.click(screen.getByRole('button', { name: 'Show 2 base URLs' }));
  const list = within(screen.getByRole('list', { name: 'Changed base URLs' }));
  await user.click(list.getByRole('button', { name: 'Copy base URL of Entra ID' }));
  expect(server.copied).toEqual([other.baseUrl]);

  server.answers.set('DELETE /api/directories/dir2/former-url', { status: 204, body: null });
  await user.click(list.getByRole('button', { name: 'Entra ID has been updated' }));
  expect(await screen.findByText(/Okta still has/)).toBeTruthy();
});

it('offers no local base URL for pasting without saying what is missing', async () => {
  server.tree = { ...server.tree, directories: [{ ...directory, formerUrl }], environments: [environment] };
  await show();
  await user.click(screen.getByRole('button', { name: 'Add a tunnel URL' }));
  expect(app.router.route).toEqual({ screen: 'settings' });
});

it('says once for how long nobody was there, and what Okta does not retry', async () => {
  server.status = { ...server.status, absence };
  await show();
  const banner = screen.getByRole('status');
  expect(banner.textContent).toMatch(/SCIM Setup was closed for 14 h, since/);
  expect(banner.textContent).toContain('Okta does not retry a deactivation.');
  server.answers.set('DELETE /api/status/absence', { status: 204, body: null });
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByText(/was closed for/)).toBeNull();
  expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/status/absence' });
});

it('keeps what is on screen when the connection is lost, and says so', async () => {
  await show();
  server.failure = null;
  vi.spyOn(server, 'answer').mockRejectedValue(new TypeError('Failed to fetch'));
  app.connection.state = 'lost';
  await app.workspace.read();
  expect([app.connection.phase, app.workspace.tree.directories.length]).toEqual(['ready', 1]);
  expect(await screen.findByText('The connection to SCIM Setup is lost.')).toBeTruthy();
  app.connection.state = 'refused';
  expect(await screen.findByText(/Open the new address from the terminal/)).toBeTruthy();
});

const rejectedOf = (rest: Partial<Rejected>): Rejected => ({
  count: 3,
  since: '2026-06-07T12:00:00.000Z',
  reason: [{ text: 'Why it was refused.' }],
  verdict: 'unknown',
  exchangeId: 7,
  lastFour: '3qNU',
  ...rest,
});
const token = { lastFour: 'HKRs', createdAt: '2026-06-07T12:00:00.000Z', lastUsedAt: null, isRotated: true };

it.each([
  [
    'retired',
    3,
    /3 requests were rejected: Okta still uses the token ending …3qNU\.\s*In Okta, .*: paste the token ending …HKRs/,
    [],
  ],
  ['missing', 1, /1 request was rejected: it has no bearer token\.\s*In Okta, .*: paste the token ending …HKRs/, []],
  ['malformed', 3, /the token is correct, but the Authorization header is malformed\.\s*Why it was refused\./, []],
  ['unknown', 3, /the bearer token does not match\.\s*Why it was refused\./, ['Rotate token…']],
] as const)('says of a token that is %s what to do about it', async (verdict, count, text, buttons) => {
  const rejected = rejectedOf({ verdict, count });
  server.tree = { ...server.tree, directories: [{ ...directory, token, rejected }] };
  await show();
  expect(screen.getByRole('alert').textContent).toMatch(text);
  const names = screen.getAllByRole('button').map((button) => button.textContent?.trim());
  expect(names).toEqual(['View requests', ...buttons]);
  await user.click(screen.getByRole('button', { name: 'View requests' }));
  expect(app.router.route).toEqual({ screen: 'directory', id: 'dir1', tab: 'requests', show: 'errors', open: '7' });
});

it('offers a token where there is none', async () => {
  const rejected = rejectedOf({ verdict: 'noTokenYet' });
  server.tree = { ...server.tree, directories: [{ ...directory, token: null, rejected }] };
  await show();
  await user.click(screen.getByRole('button', { name: 'Generate token' }));
  expect(app.dialogs.current).toEqual({ kind: 'token', id: 'dir1' });
});

it('says who called a wrong address, marks what is wrong in it, and copies the right one', async () => {
  const misaddressed: MisaddressedRequests = {
    count: 2,
    since: '2026-06-07T12:00:00.000Z',
    actor: { idp: 'okta', name: 'Okta' },
    reason: 'a mistyped id',
    path: [
      { text: '/scim/v2/dir', is: 'right' },
      { text: 'I', is: 'wrong' },
      { text: '1', is: 'missing' },
      { text: '/Users', is: 'right' },
    ],
    exchangeId: 9,
    isUnmatched: true,
  };
  server.tree = { ...server.tree, directories: [{ ...directory, misaddressed }] };
  await show();
  const banner = screen.getByRole('alert');
  expect(banner.textContent).toContain('Okta called a wrong address 2 times');
  expect(banner.querySelector('del')?.textContent).toBe('Wrong: I');
  expect(banner.querySelector('ins')?.textContent).toBe('Missing: 1');
  await user.click(screen.getByRole('button', { name: 'Copy base URL' }));
  expect(server.copied).toEqual([directory.baseUrl]);
  await user.click(screen.getByRole('button', { name: 'View request' }));
  expect(app.router.route).toEqual({ screen: 'unattributed', open: '9' });
});
