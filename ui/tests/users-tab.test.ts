import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeDirectory } from './fake-directory';
import { AppState } from '$lib/state/app.svelte';
import { FakeServer } from './server';
import UsersTabHost from './UsersTabHost.svelte';

const HOSTILE = '<img src=x onerror="alert(1)">';
const user = userEvent.setup({ pointerEventsCheck: 0 });

/** A control API whose one directory is `people`. */
class ServerWithPeople extends FakeServer {
  readonly people = new FakeDirectory();

  override answer(...asked: Parameters<FakeServer['answer']>) {
    const [method, path] = asked;
    return path.startsWith('/api/directories/') ? this.people.answer(method, path) : super.answer(...asked);
  }

  /** Tells what has happened since the last time. */
  tell(): void {
    this.send(this.people.events());
  }
}

let server: ServerWithPeople;
let people: FakeDirectory;

/** happy-dom lays nothing out: without heights no row would be in sight. */
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(800);
  localStorage.clear();
  server = new ServerWithPeople();
  people = server.people;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function show(): Promise<void> {
  people.events();
  const app = new AppState(server);
  await app.start();
  render(UsersTabHost, { app });
}

/** The names in the table, from the top. */
function names(): string[] {
  const rows = within(screen.getByRole('grid', { name: 'Users' }))
    .getAllByRole('row')
    .slice(1);
  return rows.map((row) => row.querySelector('b, .name')?.textContent.trim() ?? '');
}

it('lists who is there, newest first, and how many they are to assistive technology', async () => {
  people.createUser('Ada');
  people.createUser('Grace');
  await show();
  await screen.findByRole('grid', { name: 'Users' });
  expect(names()).toEqual(['Grace', 'Ada']);
  expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('3');
  const heads = screen.getAllByRole('columnheader').map(({ textContent }) => textContent.trim());
  expect(heads.slice(0, 2)).toEqual(['User', 'Status']);
  const [first, second] = within(screen.getByRole('grid')).getAllByRole('row').slice(1);
  expect([first?.tabIndex, second?.tabIndex]).toEqual([0, -1]);
});

it('takes in who arrives and who changes, and keeps who is open', async () => {
  people.createUser('Ada');
  await show();
  await user.click(await screen.findByRole('row', { name: /Ada/ }));
  const drawer = await screen.findByRole('complementary', { name: 'Ada' });
  people.createUser('Grace');
  server.tell();
  await waitFor(() => expect(names()).toContain('Grace'));
  expect(drawer.isConnected).toBe(true);
  people.updateUser('Ada', 'deactivated');
  server.tell();
  await waitFor(() => expect(screen.getByRole('row', { name: /Ada.*Deactivated/ })).toBeTruthy());
});

it('marks whom the identity provider could not change, and shows who was deleted apart', async () => {
  people.createUser('Ada');
  people.createUser('Grace');
  people.setDrift('Ada', true);
  people.deleteUser('Grace');
  await show();
  const ada = await screen.findByRole('row', { name: /Ada/ });
  expect(within(ada).getByRole('img').getAttribute('aria-label')).toMatch(
    /^Okta may have different data for this person\. The last push failed/,
  );
  expect(names()).toEqual(['Ada']);
  await user.click(screen.getByRole('button', { name: /^Deleted/ }));
  await waitFor(() => expect(names()).toEqual(['Grace']));
  await user.click(screen.getByRole('button', { name: /^Out of sync/ }));
  await waitFor(() => expect(names()).toEqual(['Ada']));
});

it('says that nobody matches, and a name is only ever text', async () => {
  people.createUser(HOSTILE);
  await show();
  await screen.findByRole('grid', { name: 'Users' });
  expect(names()).toEqual([HOSTILE]);
  await user.type(screen.getByRole('textbox', { name: 'Search users' }), 'nobody');
  expect(await screen.findByText('No users match “nobody”.')).toBeTruthy();
  await user.click(screen.getByText('Clear'));
  await waitFor(() => expect(names()).toEqual([HOSTILE]));
  expect(document.querySelector('img')).toBeNull();
});

it('says why the users cannot be read, and tries again', async () => {
  people.createUser('Ada');
  people.failure = { status: 503, body: { code: 'unavailable', message: 'The disk is full.', field: null } };
  await show();
  expect(await screen.findByText(/The disk is full\./)).toBeTruthy();
  people.failure = null;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('grid', { name: 'Users' });
  expect(names()).toEqual(['Ada']);
});

/** Clicks a row as one does to select it. */
async function select(name: RegExp): Promise<void> {
  const row = await screen.findByRole('row', { name });
  row.dispatchEvent(new MouseEvent('click', { ctrlKey: true, bubbles: true, cancelable: true }));
}

it('tells which row is open apart from which are selected', async () => {
  people.createUser('Ada');
  people.createUser('Grace');
  vi.spyOn(globalThis, 'matchMedia').mockReturnValue({ matches: false } as MediaQueryList);
  await show();
  await user.click(await screen.findByRole('row', { name: /Ada/ }));
  const marks = () =>
    [/Ada/, /Grace/].map((name) => {
      const row = screen.getByRole('row', { name });
      return [row.getAttribute('aria-current'), row.getAttribute('aria-selected')];
    });
  await waitFor(() =>
    expect(marks()).toEqual([
      ['true', 'false'],
      [null, 'false'],
    ]),
  );
  await select(/Grace/);
  await waitFor(() =>
    expect(marks()).toEqual([
      ['true', 'false'],
      [null, 'true'],
    ]),
  );
});

it('closes the drawer where it would cover what can be done with a selection, and only there', async () => {
  people.createUser('Ada');
  people.createUser('Grace');
  const media = vi.spyOn(globalThis, 'matchMedia').mockReturnValue({ matches: false } as MediaQueryList);
  await show();
  await user.click(await screen.findByRole('row', { name: /Ada/ }));
  await screen.findByRole('complementary', { name: 'Ada' });
  await select(/Grace/);
  await screen.findByRole('toolbar', { name: 'Selection' });
  expect(screen.queryByRole('complementary')).not.toBeNull();
  await user.click(screen.getByRole('button', { name: /^Clear selection/ }));
  media.mockReturnValue({ matches: true } as MediaQueryList);
  await select(/Grace/);
  await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
  expect(screen.getByRole('toolbar', { name: 'Selection' })).toBeTruthy();
});
