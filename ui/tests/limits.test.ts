import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
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
  render(SettingsHost, { app });
});
afterEach(cleanup);

const region = (name: string) => within(screen.getByRole('region', { name }));

async function enter(where: string, label: string, text: string): Promise<void> {
  const field = region(where).getByRole('textbox', { name: label });
  await user.clear(field);
  await user.type(field, `${text}{Enter}`);
}

it('says the bounds of a number and sends nothing that is beyond them', async () => {
  await enter('Keep requests', 'Megabytes of requests kept in total', '9');
  expect(region('Keep requests').getByText('Keep between 10 and 100,000 MB of requests.')).toBeTruthy();
  await enter('Keep history', 'Changes kept for each user and group', '100001');
  expect(region('Keep history').getByText('Keep between 10 and 100,000 changes to each user and group.')).toBeTruthy();
  expect(server.asked.filter(({ method }) => method === 'PATCH')).toEqual([]);
});

it('saves what is set of the requests and of the history apart', async () => {
  server.answers.set('PATCH /api/settings', { status: 200, body: { ...server.settings, keepMegabytes: 1_000 } });
  await enter('Keep requests', 'Megabytes of requests kept in total', '1,000');
  await waitFor(() => expect(app.server.settings?.keepMegabytes).toBe(1_000));
  server.answers.set('PATCH /api/settings', { status: 200, body: { ...server.settings, keepChanges: 50 } });
  await enter('Keep history', 'Changes kept for each user and group', '50');
  await waitFor(() => expect(app.server.settings?.keepChanges).toBe(50));
  expect(server.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body)).toEqual([
    { keepDays: null, keepExchanges: 5_000, keepMegabytes: 1_000 },
    { keepChangeDays: null, keepChanges: 50, keepDeleted: 10_000 },
  ]);
});

it('says what takes the room, as the server orders it, and asks anew after a dialog', async () => {
  const lines = () =>
    [...screen.getByLabelText('What takes the space').children].map((line) =>
      line.textContent.trim().replace(/\s+/g, ' '),
    );
  await waitFor(() => expect(lines()).toEqual(['Requests 12.0 MB', 'History 4.2 MB']));
  server.answers.set('GET /api/data', { status: 200, body: { bytes: 900, parts: [{ what: 'other', bytes: 900 }] } });
  app.dialogs.open({ kind: 'clearRequests' });
  await waitFor(() => expect(screen.getByRole('alertdialog')).toBeTruthy());
  app.dialogs.close();
  await waitFor(() => expect(lines()).toEqual(['Everything else 900 B']));
});
