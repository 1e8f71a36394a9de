import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Batch } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import DialogHost from './DialogHost.svelte';
import { FakeDirectory } from './fake-directory';
import { directory, FakeServer } from './server';

const user = userEvent.setup({ pointerEventsCheck: 0 });
const began: Batch = {
  id: 'one',
  directoryId: 'dir1',
  what: 'delete',
  state: 'finished',
  startedAt: '2026-06-07T12:03:11.000Z',
  total: 65,
  done: 65,
  created: 0,
  updated: 0,
  deleted: 65,
  skipped: 0,
  failed: 0,
  problems: [],
  endedEarly: null,
};
const about = { id: 'dir1', resource: 'user', count: 60, selection: { all: true, except: [], count: 60 } } as const;

/** A directory with groups, in which the first selection that is told to it has become another. */
class ServerWithGroups extends FakeServer {
  readonly people = new FakeDirectory();
  readonly begun: unknown[] = [];
  countNow = 65;

  override answer(...asked: Parameters<FakeServer['answer']>) {
    const [method, path, body] = asked;
    if (method === 'POST' && path === '/api/directories/dir1/batches') {
      this.begun.push(body);
      const { selection } = body as { selection: { all?: boolean; count?: number } };
      if (selection.all !== true || selection.count === this.countNow)
        return Promise.resolve({ status: 201, body: began });
      const refusal = { code: 'countChanged', message: 'It is another number now.', field: null, count: this.countNow };
      return Promise.resolve({ status: 409, body: refusal });
    }
    return path.startsWith('/api/directories/dir1/groups') ? this.people.answer(method, path) : super.answer(...asked);
  }
}

let server: ServerWithGroups;
let app: AppState;

beforeEach(async () => {
  server = new ServerWithGroups();
  server.tree = { ...server.tree, directories: [directory] };
  app = new AppState(server);
  await app.start();
});
afterEach(cleanup);

it('asks again before more are deleted than it named', async () => {
  app.dialogs.open({ kind: 'changeSelection', what: 'delete', ...about, selection: { ...about.selection } as never });
  render(DialogHost, { app });
  await user.click(await screen.findByRole('button', { name: 'Delete 60' }));
  expect(await screen.findByRole('alertdialog', { name: 'Delete 65 users?' })).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('It is another number now.');
  await user.click(screen.getByRole('button', { name: 'Delete 65' }));
  await waitFor(() => expect(app.dialogs.current).toBeNull());
  expect(server.begun).toMatchObject([{ selection: { count: 60 } }, { selection: { count: 65 } }]);
  expect(app.batches.of('dir1')?.deleted).toBe(65);
});

it('asks again before others are put into a group, and does not count those that are named', async () => {
  server.people.createGroup('Engineering');
  app.dialogs.open({ kind: 'addToGroup', ...about, selection: { ids: ['ada'] } });
  render(DialogHost, { app });
  await user.click(await screen.findByRole('radio', { name: /Engineering/ }));
  await user.click(screen.getByRole('button', { name: 'Add' }));
  await waitFor(() => expect(app.dialogs.current).toBeNull());
  expect(server.begun).toMatchObject([{ selection: { ids: ['ada'] } }]);
  expect(JSON.stringify(server.begun)).not.toContain('count');

  app.dialogs.open({ kind: 'addToGroup', ...about, selection: { all: true } });
  await user.click(await screen.findByRole('radio', { name: /Engineering/ }));
  await user.click(screen.getByRole('button', { name: 'Add' }));
  expect(await screen.findByRole('dialog', { name: 'Add 65 users to a group' })).toBeTruthy();
});

it('keeps the chosen group in sight while others are searched for, and Enter in the search adds nobody', async () => {
  server.people.createGroup('Engineering');
  server.people.createGroup('Sales');
  app.dialogs.open({ kind: 'addToGroup', ...about, selection: { ids: ['ada'] } });
  render(DialogHost, { app });
  await user.click(await screen.findByRole('radio', { name: /Engineering/ }));
  await user.type(screen.getByRole('searchbox', { name: 'Search groups' }), 'Sales{Enter}');
  await waitFor(() => expect(screen.getAllByRole('radio')).toHaveLength(2));
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /Engineering/ }).checked).toBe(true);
  expect(server.begun).toEqual([]);
});

it('says no more why the groups could not be read once they are', async () => {
  server.people.createGroup('Engineering');
  server.people.failure = { status: 503, body: { code: 'internal', message: 'The disk is full.', field: null } };
  app.dialogs.open({ kind: 'addToGroup', ...about, selection: { ids: ['ada'] } });
  render(DialogHost, { app });
  await screen.findByText('The disk is full.');
  server.people.failure = null;
  await user.type(screen.getByRole('searchbox', { name: 'Search groups' }), 'E');
  await screen.findByRole('radio', { name: /Engineering/ });
  expect(screen.queryByText('The disk is full.')).toBeNull();
});
