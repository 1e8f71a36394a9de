import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ExchangeRow, Found } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import { FakeServer, directory, environment } from './server';
import PaletteHost from './PaletteHost.svelte';

const HOSTILE = '<img src=x onerror="alert(1)"> ada';
const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0, delay: null });
const found: Found = {
  users: [
    { directoryId: 'dir1', kind: 'user', id: 'u1', name: 'Ada Lovelace', userName: 'ada@example.com', active: true },
    { directoryId: 'dir1', kind: 'user', id: 'u2', name: HOSTILE, userName: 'adam@example.com', active: false },
  ],
  groups: [],
  problem: null,
  isPartial: false,
  exchanges: [
    {
      id: 7,
      directoryId: 'dir1',
      at: '2026-06-07T12:03:11.000Z',
      method: 'PUT',
      path: '/Users/u1',
      status: 200,
      durationMs: 12,
      actor: { idp: 'okta', name: 'Okta' },
      summary: { text: 'Okta updated Ada Lovelace, 2 attributes', subject: 'Ada Lovelace', outcome: null },
      noteCount: 0,
      isWrite: true,
      story: null,
      replayOf: null,
    } as ExchangeRow,
  ],
};
const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
const search = (q: string, kind = 'all', limit = 5) =>
  `GET /api/search?q=${encodeURIComponent(q)}&kind=${kind}&limit=${limit}&zone=${zone}`;

let server: FakeServer;
let app: AppState;

beforeEach(async () => {
  localStorage.clear();
  server = new FakeServer();
  server.tree = { ...server.tree, environments: [{ ...environment, publicUrl: 'https://ada.ngrok.app' }] };
  server.answers.set(search('ada'), { status: 200, body: found });
  app = new AppState(server);
  await app.start();
});
afterEach(cleanup);

async function open(): Promise<HTMLElement> {
  render(PaletteHost, { app });
  app.dialogs.open({ kind: 'palette' });
  return screen.findByRole('dialog', { name: 'Search or jump to' });
}
const options = () => screen.getAllByRole('option').map((option) => option.textContent.replace(/\s+/g, ' ').trim());
const selected = () => screen.getByRole('option', { selected: true });
const type = (text: string) => user.keyboard(text);

it('offers everything that can be done before anything is typed', async () => {
  const dialog = within(await open());
  expect(document.activeElement).toBe(dialog.getByRole('combobox'));
  expect(options().slice(0, 2)).toEqual(['Copy base URL Okta Ctrl Shift C', 'Generate token… Okta']);
  expect(options().join()).toContain('Keyboard shortcuts');
});

it('is ready to be typed into before the next frame, wherever the focus was', async () => {
  const button = document.body.appendChild(document.createElement('button'));
  button.focus();
  const frames = vi.spyOn(window, 'requestAnimationFrame').mockReturnValue(0);
  const dialog = within(await open());
  expect(document.activeElement).toBe(dialog.getByRole('combobox'));
  frames.mockRestore();
  app.dialogs.close();
  await waitFor(() => expect(document.activeElement).toBe(button));
  button.remove();
});

it('finds users, requests and actions, with what was typed in bold', async () => {
  await open();
  await type('ada');
  const lovelace = await screen.findByRole('option', { name: /^Ada +Lovelace +ada/ });
  expect([...lovelace.querySelectorAll('b')].map((bold) => bold.textContent)).toEqual(['Ada', 'ada']);
  expect(screen.getByText('Requests')).toBeTruthy();
  expect(screen.getByRole('option', { name: /^Okta updated/ })).toBeTruthy();
  expect(screen.getByRole('option', { name: /Check the tunnel/ }).textContent).toContain('https://ada.ngrok.app');
  expect(selected()).toBe(lovelace);
  expect(document.querySelector('img')).toBeNull();
  expect(screen.getByText(/<img src=x/)).toBeTruthy();
});

it('names what in a search of requests means nothing', async () => {
  const problem = 'Unknown filter “color:”.';
  server.answers.set(search('color:red'), { status: 200, body: { users: [], groups: [], exchanges: [], problem } });
  await open();
  await type('color:red');
  expect(await screen.findByText(problem)).toBeTruthy();
});

it('says that not all requests were searched', async () => {
  const body = { users: [], groups: [], exchanges: [], problem: null, isPartial: true };
  server.answers.set(search('body:ada'), { status: 200, body });
  await open();
  await type('body:ada');
  expect(await screen.findByText(/^Not all requests were searched\./)).toBeTruthy();
});

it('opens what Enter is pressed on, also before the answer is there', async () => {
  let answer: () => void = () => undefined;
  const asked = vi
    .spyOn(server, 'answer')
    .mockImplementation((_, path) =>
      path.startsWith('/api/search')
        ? new Promise((resolve) => (answer = () => resolve({ status: 200, body: found })))
        : Promise.resolve({ status: 404, body: { code: 'notFound', message: '', field: null } }),
    );
  await open();
  await type('ada{Enter}');
  await waitFor(() => expect(asked.mock.calls.some(([, path]) => path.startsWith('/api/search'))).toBe(true));
  expect(app.dialogs.current).not.toBeNull();
  answer();
  await waitFor(() => expect(app.router.route).toEqual({ screen: 'directory', id: 'dir1', tab: 'users', open: 'u1' }));
  expect(app.dialogs.current).toBeNull();
});

it('shows more of a kind with Tab, and all kinds again with Esc', async () => {
  const many = Array.from({ length: 20 }, (_, n) => ({ ...found.users[0], id: `m${n}`, name: `Ada ${n}` }));
  server.answers.set(search('ada', 'users', 50), { status: 200, body: { ...found, users: many, exchanges: [] } });
  await open();
  await type('ada');
  await screen.findByRole('option', { name: /^Ada +Lovelace +ada/ });
  await type('{Tab}');
  await waitFor(() => expect(options()).toHaveLength(20));
  await type('{Escape}');
  expect(await screen.findByText('Requests')).toBeTruthy();
  await type('{Escape}');
  await waitFor(() => expect(app.dialogs.current).toBeNull());
});

it('says what came of an action that is not seen elsewhere', async () => {
  await open();
  await type('copy{Enter}');
  expect(await screen.findByText('Copied')).toBeTruthy();
  expect(server.copied).toEqual([directory.baseUrl]);
  await waitFor(() => expect(app.dialogs.current).toBeNull(), { timeout: 3_000 });
});

it('opens the dialog of an action', async () => {
  await open();
  await type('new org{Enter}');
  expect(await screen.findByRole('dialog', { name: 'New organization' })).toBeTruthy();
});

it('keeps what was opened, by its id alone, and forgets what is gone', async () => {
  server.answers.set('GET /api/directories/dir1/users/u1', {
    status: 200,
    body: { row: { displayName: 'Ada King', userName: 'ada@example.com', state: 'active' } },
  });
  localStorage.setItem('recent', JSON.stringify([{ kind: 'user', directoryId: 'dir1', id: 'gone' }]));
  await open();
  await type('ada');
  await screen.findByRole('option', { name: /^Ada +Lovelace +ada/ });
  await type('{Enter}');
  await waitFor(() => expect(app.dialogs.current).toBeNull());
  expect(localStorage.getItem('recent')).not.toContain('Ada');
  app.dialogs.open({ kind: 'palette' });
  expect(await screen.findByText('Recent')).toBeTruthy();
  expect(options()[0]).toContain('Ada King');
  expect(options()[1]).toContain('Copy base URL');
});

it('says when nothing matches, and when the search fails', async () => {
  server.answers.set(search('nobody'), { status: 200, body: { users: [], groups: [], exchanges: [] } });
  await open();
  await type('nobody');
  expect(await screen.findByText('Nothing matches “nobody”.')).toBeTruthy();
  server.answers.set(search('nobodyx'), {
    status: 500,
    body: { code: 'internal', message: 'It failed.', field: null },
  });
  await type('x');
  expect((await screen.findByRole('alert')).textContent).toContain('It failed.');
});

it('is not misled by a broken memory', async () => {
  localStorage.setItem('recent', '{"not": [a list');
  await open();
  expect(options()[0]).toContain('Copy base URL');
});
