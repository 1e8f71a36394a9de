import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppState } from '$lib/state/app.svelte';
import { FakeServer } from './server';
import SettingsHost from './SettingsHost.svelte';

const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0, delay: null });
const BACKUP = {
  name: 'scim-setup-20260607-120311.backup',
  path: '/data/backups/scim-setup-20260607-120311.backup',
  at: '2026-06-07T12:03:11.000Z',
  bytes: 3_400_000,
};

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
const press = (where: string, name: string) => user.click(region(where).getByRole('button', { name }));
const asked = (method: string) => server.asked.filter((one) => one.method === method);

it('makes a backup, and asks before one is deleted', async () => {
  expect(region('Backups').queryByRole('listitem')).toBeNull();
  const reads = () => server.asked.filter(({ method, path }) => `${method} ${path}` === 'GET /api/data/backups').length;
  await waitFor(() => expect(reads()).toBe(1));
  server.answers.set('POST /api/data/backups', { status: 201, body: BACKUP });
  server.backups = [BACKUP];
  await press('Backups', 'Back up');
  const line = await region('Backups').findByRole('listitem');
  expect(reads()).toBe(2);
  expect(line.textContent).toContain('3.4 MB');

  await press('Backups', `Delete ${BACKUP.name}`);
  const dialog = await screen.findByRole('alertdialog', { name: 'Delete the backup?' });
  expect(asked('DELETE')).toEqual([]);
  server.answers.set(`DELETE /api/data/backups/${BACKUP.name}`, { status: 204, body: undefined });
  server.backups = [];
  await user.click(within(dialog).getByRole('button', { name: 'Delete backup' }));
  await waitFor(() => expect(region('Backups').queryByRole('listitem')).toBeNull());
  expect(asked('DELETE').map(({ path }) => path)).toEqual([`/api/data/backups/${BACKUP.name}`]);
});

it('says what is wrong with the data and repairs it when asked to', async () => {
  const text = 'The search index of users and groups is out of date.';
  const answer = (isHealthy: boolean, outcome: string) =>
    server.answers.set('POST /api/data/check', {
      status: 200,
      body: { isHealthy, findings: [{ text, outcome }], areListsCompared: true, bytes: 900, freedBytes: 0 },
    });
  answer(false, 'repairable');
  expect(region('Check the data').queryByRole('button', { name: 'Repair' })).toBeNull();
  await press('Check the data', 'Check');
  await region('Check the data').findByText(`${text} It can be repaired.`);
  expect(region('Check the data').queryByText(/in order/)).toBeNull();
  answer(true, 'repaired');
  await press('Check the data', 'Repair');
  await region('Check the data').findByText(`${text} Repaired.`);
  expect(region('Check the data').getByText('All data is in order, 900 B.')).toBeTruthy();
  expect(region('Check the data').queryByRole('button', { name: 'Repair' })).toBeNull();
  expect(asked('POST').map(({ body }) => body)).toEqual([{ repair: false }, { repair: true }]);
});

it('does not say that lists are in order that were not compared', async () => {
  server.answers.set('POST /api/data/check', {
    status: 200,
    body: { isHealthy: true, findings: [], areListsCompared: false, bytes: 900, freedBytes: 0 },
  });
  await press('Check the data', 'Check');
  await region('Check the data').findByText(/Lists were not compared/);
  expect(region('Check the data').queryByText(/All data is in order/)).toBeNull();
});

it('has a backup restored at the next start once a person has agreed, and calls it off', async () => {
  server.backups = [BACKUP];
  server.answers.set('POST /api/data/backups', { status: 201, body: BACKUP });
  await press('Backups', 'Back up');
  await region('Backups').findByRole('listitem');
  await press('Backups', `Restore ${BACKUP.name}`);
  const dialog = await screen.findByRole('alertdialog', { name: 'Restore this backup?' });
  expect(asked('POST')).toHaveLength(1);
  const staged = { backup: BACKUP.name, at: BACKUP.at };
  server.answers.set(`POST /api/data/backups/${BACKUP.name}/restore`, { status: 200, body: staged });
  await user.click(within(dialog).getByRole('button', { name: 'Restore' }));
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());

  server.status = { ...server.status, stagedRestore: staged };
  server.send([{ type: 'status' }]);
  await region('Backups').findByText(/will be restored at the next start/);
  server.answers.set('DELETE /api/data/restore', { status: 204, body: undefined });
  await press('Backups', 'Cancel restore');
  await waitFor(() => expect(asked('DELETE').map(({ path }) => path)).toEqual(['/api/data/restore']));
});

it('lists what was set aside, and says what it is', async () => {
  expect(screen.queryByRole('region', { name: 'Set aside' })).toBeNull();
  const name = 'requests.sqlite3.damaged-1';
  server.setAside = [{ name, what: 'damaged', path: `/data/${name}`, at: BACKUP.at, bytes: 2_000_000 }];
  server.send([{ type: 'status' }]);
  const line = within(await screen.findByRole('region', { name: 'Set aside' })).getByRole('listitem');
  expect(line.textContent).toContain('Damaged record of requests');
  await press('Set aside', `Delete ${name}`);
  await screen.findByRole('alertdialog', { name: 'Delete what was set aside?' });
  expect(asked('DELETE')).toEqual([]);
});
