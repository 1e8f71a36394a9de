import { cleanup, createEvent, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportPreview, NewImport } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import type { Answer } from './fake-platform';
import DialogHost from './DialogHost.svelte';
import { directory, FakeServer } from './server';

const user = userEvent.setup({ pointerEventsCheck: 0 });

/** Every line but the first is created; each preview waits until it is answered. */
class ServerWithImports extends FakeServer {
  readonly previews: { asked: NewImport; answer: (refusal?: Answer) => void }[] = [];
  readonly imports: NewImport[] = [];

  override answer(...asked: Parameters<FakeServer['answer']>) {
    const [, path, body] = asked;
    const given = body as NewImport;
    if (path.endsWith('/imports/preview'))
      return new Promise<Answer>((resolve) =>
        this.previews.push({
          asked: given,
          answer: (refusal) => resolve(refusal ?? { status: 200, body: previewOf(given.text) }),
        }),
      );
    if (path.endsWith('/imports')) this.imports.push(given);
    return super.answer(...asked);
  }
}

function previewOf(text: string): ImportPreview {
  const names = text.trim().split('\n').slice(1);
  const rows = names.map((name, at) => ({ line: at + 2, kind: 'user', name, action: 'create', remark: null }) as const);
  const counts = { create: rows.length, update: 0, skip: 0, refuse: 0 };
  return { format: 'csv', columns: [], counts, rows };
}

const file = (...names: string[]) => new File([['userName', ...names].join('\n')], 'people.csv', { type: 'text/csv' });
const fileInput = () => screen.getByLabelText('File');
const asked = () =>
  server.previews.map(({ asked: { text, existing } }) => `${text.split('\n').at(-1) ?? ''} ${existing}`);

let server: ServerWithImports;

beforeEach(async () => {
  server = new ServerWithImports();
  server.tree = { ...server.tree, directories: [directory] };
  const app = new AppState(server);
  await app.start();
  app.dialogs.open({ kind: 'import', id: 'dir1' });
  render(DialogHost, { app });
});
afterEach(cleanup);

it('previews the file that was chosen last, and imports what it has previewed', async () => {
  await user.upload(fileInput(), file('ada'));
  await waitFor(() => expect(asked()).toEqual(['ada skip']));
  await user.upload(fileInput(), file('grace', 'alan'));
  server.previews[0]?.answer({ status: 422, body: { code: 'invalid', message: 'Of the first.', field: 'text' } });
  await waitFor(() => expect(asked()).toEqual(['ada skip', 'alan skip']));
  expect(screen.queryByText('Of the first.')).toBeNull();
  server.previews[1]?.answer();
  await user.click(await screen.findByRole('button', { name: 'Import 2' }));
  expect(server.imports).toMatchObject([{ text: 'userName\ngrace\nalan', existing: 'skip' }]);
});

it('asks anew what becomes of those that exist, whatever is asked already', async () => {
  await user.upload(fileInput(), file('ada'));
  await waitFor(() => expect(server.previews).toHaveLength(1));
  server.previews[0]?.answer();
  await user.click(await screen.findByRole('radio', { name: 'Update' }));
  await user.click(screen.getByRole('radio', { name: 'Skip' }));
  await user.click(screen.getByRole('radio', { name: 'Update' }));
  server.previews[1]?.answer();
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Import 1' }).disabled).toBe(false));
  await user.click(screen.getByRole('button', { name: 'Import 1' }));
  expect(server.imports).toMatchObject([{ existing: 'update' }]);
});

it('lets a file be chosen again once it was corrected, and one that misses the place for it changes nothing', async () => {
  await user.upload(fileInput(), file('ada'));
  expect(fileInput()).toHaveProperty('value', '');
  const miss = createEvent.drop(document.body, { dataTransfer: { types: ['Files'], files: [file('grace')] } });
  fireEvent(document.body, miss);
  expect(miss.defaultPrevented).toBe(true);
  expect(asked()).toEqual(['ada skip']);
});

it('has rows that keys scroll', async () => {
  await user.upload(fileInput(), file('ada'));
  await waitFor(() => expect(server.previews).toHaveLength(1));
  server.previews[0]?.answer();
  const rows = await screen.findByRole('region', { name: 'What happens to each row' });
  expect(rows.tabIndex).toBe(0);
  expect(rows.contains(screen.getByRole('table'))).toBe(true);
});
