import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppState } from '$lib/state/app.svelte';
import { FakeServer } from './server';
import SettingsHost from './SettingsHost.svelte';

const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0, delay: null });

let server: FakeServer;
let app: AppState;

beforeEach(async () => {
  localStorage.clear();
  server = new FakeServer();
  app = new AppState(server);
  await app.start();
  app.router.go({ screen: 'settings' });
});
afterEach(cleanup);

const kept = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Requests kept per directory' });
const press = (name: string) => user.click(screen.getByRole('button', { name }));

it('asks once before what is typed in Settings is lost', async () => {
  render(SettingsHost, { app });
  expect(kept().value).toBe('5,000');
  await user.clear(kept());
  await user.type(kept(), '400');

  app.router.openDirectory('dir1');
  expect(app.router.route).toEqual({ screen: 'settings' });
  expect(await screen.findByRole('alertdialog', { name: 'Leave without saving?' })).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent).toContain('Keep editing'));
  await press('Keep editing');
  expect([app.router.route.screen, kept().value]).toEqual(['settings', '400']);

  app.router.openDirectory('dir1');
  await screen.findByRole('alertdialog');
  await press('Leave');
  expect(app.router.route).toMatchObject({ screen: 'directory', id: 'dir1' });
  expect(app.dialogs.current).toBeNull();
});

it('asks nothing when nothing has changed, nor after saving', async () => {
  render(SettingsHost, { app });
  const saved = { ...server.settings, keepExchanges: 400 };
  server.answers.set('PATCH /api/settings', { status: 200, body: saved });
  await user.clear(kept());
  await user.type(kept(), '400{Enter}');
  await waitFor(() => expect(app.server.settings?.keepExchanges).toBe(400));
  app.router.openDirectory('dir1');
  expect(app.router.route).toMatchObject({ screen: 'directory' });
});

it('does not put the question in the place of an open dialog', async () => {
  render(SettingsHost, { app });
  await user.type(kept(), '0');
  app.dialogs.open({ kind: 'token', id: 'dir1' });
  app.router.openDirectory('dir1', 'requests', '7');
  expect([app.dialogs.current?.kind, app.router.route.screen]).toEqual(['token', 'settings']);
});

it('asks in a dialog before Esc takes what was typed, and takes Cancel at its word', async () => {
  render(SettingsHost, { app });
  app.dialogs.open({ kind: 'newOrganization' });
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'Acme');
  await user.keyboard('{Escape}');
  expect(screen.getByRole('alert').textContent).toContain('Discard your changes?');
  await user.keyboard('{Escape}');
  expect(screen.queryByText('Discard your changes?')).toBeNull();
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('Acme');
  await user.keyboard('{Escape}');
  await press('Discard');
  expect(app.dialogs.current).toBeNull();

  app.dialogs.open({ kind: 'newOrganization' });
  await screen.findByRole('textbox', { name: 'Name' });
  await user.keyboard('{Escape}');
  expect(app.dialogs.current, 'nothing was typed').toBeNull();

  app.dialogs.open({ kind: 'newOrganization' });
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'Acme');
  await press('Cancel');
  expect(app.dialogs.current).toBeNull();
});
