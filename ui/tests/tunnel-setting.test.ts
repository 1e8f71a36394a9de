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
  server = new FakeServer();
  app = new AppState(server);
  await app.start();
  app.router.go({ screen: 'settings' });
  render(SettingsHost, { app });
  await user.type(screen.getByRole('textbox', { name: 'Tunnel URL' }), 'http://127.0.0.1:7300');
});
afterEach(cleanup);

const checked = () => server.asked.filter(({ path }) => path === '/api/public-url/check').map(({ body }) => body);

it('checks what was typed when the keyboard leaves the field', async () => {
  await user.tab();
  await waitFor(() => expect(checked()).toEqual([{ url: 'http://127.0.0.1:7300', localOnly: false }]));
});

it('moves nothing away under a press: it checks once the click has changed what there is to check', async () => {
  const box = screen.getByRole('checkbox', { name: /^This machine only/ });
  await user.pointer([{ keys: '[MouseLeft>]', target: box }]);
  expect(document.activeElement).toBe(box);
  expect(checked()).toEqual([]);
  await user.pointer([{ keys: '[/MouseLeft]', target: box }]);
  await waitFor(() => expect(checked()).toEqual([{ url: 'http://127.0.0.1:7300', localOnly: true }]));
});
