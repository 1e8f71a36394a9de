import { cleanup, render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Exchange, ExchangeRow, ReplayPlan } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import { exchange, refused, row } from './exchange';
import RequestsTabHost from './RequestsTabHost.svelte';
import { FakeServer, directory } from './server';

const HOSTILE = '<img src=x onerror="alert(1)">';
const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0 });

let server: FakeServer;
let app: AppState;

/** happy-dom lays nothing out: without heights no row would be in sight. */
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(800);
  localStorage.clear();
  server = new FakeServer();
  server.tree = { ...server.tree, directories: [{ ...directory, counts: { ...directory.counts, exchanges: 2 } }] };
  app = new AppState(server);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function answer(path: string, body: unknown, method = 'GET', status = 200): void {
  server.answers.set(`${method} ${path}`, { status, body });
}

/** Opens the tab with the details of `shown`. */
async function show(shown: Exchange, rows: ExchangeRow[] = [shown.row]): Promise<void> {
  answer('/api/directories/dir1/exchanges?search=&show=all&limit=100', { total: rows.length, items: rows, next: null });
  answer(`/api/exchanges/${shown.row.id}`, shown);
  await app.start();
  app.router.go({ screen: 'directory', id: 'dir1', tab: 'requests', open: String(shown.row.id) });
  render(RequestsTabHost, { app });
  await screen.findByRole('region', { name: 'Request' });
  await screen.findByRole('tab', { name: 'Overview' });
}

const details = () => within(screen.getByRole('region', { name: 'Request' }));

it('says what a request did and what the standard says', async () => {
  await show(exchange);
  expect(details().getByRole('heading', { name: 'Okta updated Ada Lovelace, 1 attribute' })).toBeTruthy();
  expect(details().getByText('Changed 1 attribute of Ada Lovelace')).toBeTruthy();
  expect(details().getByText('title changed from Engineer to Lead')).toBeTruthy();
  expect(details().getByText('RFC 7644 §3.5.1 · Replacing with PUT')).toBeTruthy();
  expect(details().queryByRole('alert')).toBeNull();
});

it('says why it failed, what to do, and what the administrator sees', async () => {
  const cause = `A user with the userName ${HOSTILE} already exists.`;
  const shown = refused({
    cause: [{ text: cause }],
    fix: {
      text: 'Paste the base URL as it is.',
      baseUrl: 'https://ada.example/scim/v2/dir1',
      action: 'policy',
      takenBy: null,
    },
    adminSees: { provider: 'Okta', text: `Conflict. Errors: ${HOSTILE}`, evidence: 'As a published log shows it.' },
    next: { text: 'The job stops here.', exchangeId: null },
  });
  const at = new Date().toISOString();
  const text = [{ text: 'This token was replaced ' }, { at }, { text: '.' }];
  shown.authorization = { ...shown.authorization, text };
  shown.row.summary = { text: `Okta could not update Ada: ${cause}`, subject: 'Ada', outcome: null };
  await show(shown);
  expect(details().getByRole('heading', { name: 'Okta could not update Ada' })).toBeTruthy();
  expect(details().getByText(cause)).toBeTruthy();
  expect(details().getByText('https://ada.example/scim/v2/dir1')).toBeTruthy();
  expect(details().getByText('What Okta shows')).toBeTruthy();
  expect(details().getByText('The job stops here.')).toBeTruthy();
  expect(details().getByText(/^This token was replaced at \d\d:\d\d\.$/)).toBeTruthy();
  expect(document.querySelector('img')).toBeNull();
  await user.click(details().getByRole('button', { name: 'Copy base URL' }));
  expect(server.copied).toEqual(['https://ada.example/scim/v2/dir1']);
  await user.click(details().getByRole('button', { name: 'Edit policy…' }));
  expect(app.dialogs.current).toEqual({ kind: 'editDirectory', id: 'dir1' });
});

it('tells the story, from which the others can be opened', async () => {
  const lookup = {
    ...row,
    id: 6,
    method: 'GET',
    summary: { text: 'Okta checked whether ada exists', subject: null, outcome: 'no match' },
  };
  const next = { text: 'Okta goes on.', exchangeId: 6 };
  const shown = { ...exchange, story: [lookup, row], explanation: { ...exchange.explanation, next } };
  await show(shown, [row, lookup]);
  const story = within(details().getByRole('list', { name: '2 requests in a row' }));
  const current = story.getAllByRole('button').filter((button) => button.getAttribute('aria-current') === 'true');
  expect(current.map(({ textContent }) => textContent)).toEqual([expect.stringContaining('Okta updated Ada Lovelace')]);
  answer('/api/exchanges/6', { ...exchange, row: lookup });
  await user.click(story.getByRole('button', { name: /checked whether/ }));
  expect(await details().findByRole('heading', { name: /checked whether ada exists/ })).toBeTruthy();
});

it('lists notes with the names of rules and sections, by key, too', async () => {
  const note = {
    rule: 'op-case',
    title: 'Operation in a different case',
    text: '`Replace` was read as replace.',
    section: 'RFC 7644 §3.5.2',
    sectionTitle: 'Modifying with PATCH',
  };
  await show({ ...exchange, notes: [note] });
  expect(details().getByRole('tab', { name: 'Notes 1' })).toBeTruthy();
  screen.getByRole('region', { name: 'Request' }).focus();
  await user.keyboard(']]]');
  expect(details().getByRole('tab', { name: 'Notes 1' }).getAttribute('aria-selected')).toBe('true');
  expect(details().getByText('RFC 7644 §3.5.2 · Modifying with PATCH')).toBeTruthy();
  await user.keyboard('[[[[');
  expect(details().getByRole('tab', { name: 'Request' }).getAttribute('aria-selected')).toBe('true');
});

it('folds blocks of a body by key and marks what changed', async () => {
  await show(exchange);
  await user.click(details().getByRole('tab', { name: 'Request' }));
  const body = details().getByRole('region', { name: 'Request body', description: /folds/ });
  const text = () => body.textContent.replace(/\s+/g, ' ');
  expect(body.querySelector('.changed')?.textContent.trim()).toBe('"title": "Lead"');
  body.focus();
  await user.keyboard('{ArrowDown}{ArrowLeft}');
  expect(text()).toContain('"name": {…}, "title"');
  expect(details().getByText('name folded, 3 lines')).toBeTruthy();
  await user.keyboard('{ArrowRight}');
  expect(text()).toContain('"givenName": "Ada"');
  await user.keyboard('{Home}{Enter}');
  expect(text()).toBe('{…} ');
});

it('shows the headers that tell most first', async () => {
  await show(exchange);
  await user.click(details().getByRole('tab', { name: 'Request' }));
  expect(
    details()
      .getAllByRole('term')
      .map(({ textContent }) => textContent),
  ).toEqual(['authorization', 'content-type', 'host']);
});

it('copies a request as cURL', async () => {
  await show(exchange);
  await user.click(details().getByRole('button', { name: 'Copy as cURL' }));
  expect(server.copied[0]).toMatch(
    /^curl -X PUT --globoff --path-as-is http:\/\/127\.0\.0\.1:7246\/scim\/v2\/dir1\/Users\/2819c223/,
  );
});

const plan: ReplayPlan = {
  method: 'PUT',
  url: 'https://ada.example/scim/v2/dir1/Users/2819c223',
  refusal: null,
  differences: ['You send it, from this machine: no token is needed.'],
  isWrite: true,
  expected: {
    status: 200,
    summary: row.summary,
    effect: 'Changed 1 attribute of Ada Lovelace',
    error: null,
    changes: exchange.changes,
  },
};
const repeated: Exchange = { ...exchange, row: { ...row, id: 9, replayOf: 7, actor: { idp: null, name: 'Replay' } } };

it('says what a replay would do before it is done, and shows what came of it', async () => {
  await show(exchange);
  answer('/api/exchanges/7/replay', plan);
  answer('/api/exchanges/7/replay', repeated, 'POST', 201);
  answer('/api/exchanges/9', repeated);
  await user.click(details().getByRole('button', { name: 'Replay' }));
  const dialog = within(await screen.findByRole('alertdialog', { name: 'Replay this request?' }));
  expect(await dialog.findByText('Changed 1 attribute of Ada Lovelace')).toBeTruthy();
  expect(dialog.getByText('https://ada.example/scim/v2/dir1/Users/2819c223')).toBeTruthy();
  expect(dialog.getByText('title changed from Engineer to Lead')).toBeTruthy();
  expect(server.asked.some(({ method }) => method === 'POST')).toBe(false);
  await user.click(dialog.getByRole('button', { name: 'Replay' }));
  expect(await details().findByText(/Repeats an earlier request/)).toBeTruthy();
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(app.announcer.text).toBe('Replayed');
});

it('says why a request cannot be replayed', async () => {
  await show(exchange);
  answer('/api/exchanges/7/replay', { ...plan, expected: null, refusal: 'Only the beginning was kept.' });
  await user.click(details().getByRole('button', { name: 'Replay' }));
  const dialog = within(await screen.findByRole('alertdialog', { name: 'This request cannot be replayed' }));
  expect(dialog.getByText('Only the beginning was kept.')).toBeTruthy();
  expect(dialog.queryByRole('button', { name: 'Replay' })).toBeNull();
});

it('replays a read at once', async () => {
  const read = { ...exchange, row: { ...row, method: 'GET', isWrite: false } };
  await show(read);
  answer('/api/exchanges/7/replay', repeated, 'POST', 201);
  answer('/api/exchanges/9', repeated);
  await user.click(details().getByRole('button', { name: 'Replay' }));
  expect(await details().findByText(/Repeats an earlier request/)).toBeTruthy();
  expect(screen.queryByRole('alertdialog')).toBeNull();
});

it('deletes recorded requests only after asking', async () => {
  await show(exchange);
  answer('/api/directories/dir1/exchanges?pinned=false', null, 'DELETE', 204);
  await user.click(screen.getByRole('button', { name: 'Delete recorded requests…' }));
  const dialog = within(screen.getByRole('alertdialog', { name: 'Delete 2 recorded requests?' }));
  expect(document.activeElement?.textContent.trim()).toBe('Cancel');
  await user.click(dialog.getByRole('button', { name: 'Delete requests' }));
  expect(server.asked.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  expect(app.announcer.text).toBe('Requests deleted');
});

it('pins a request by key, and what is typed into its note stays until it is saved', async () => {
  const other = { ...exchange, row: { ...row, id: 6 } };
  answer('/api/exchanges/6', other);
  await show(exchange, [row, other.row]);
  answer(
    '/api/exchanges/7',
    { code: 'conflict', message: '200 requests are pinned here.', field: 'isPinned' },
    'PATCH',
    409,
  );
  const patches = () => server.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
  screen.getByRole('region', { name: 'Request' }).focus();
  await user.keyboard('p');
  expect(patches()).toEqual([{ isPinned: true }]);
  expect(await screen.findByText('200 requests are pinned here.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Close' }));

  screen.getByRole('region', { name: 'Request' }).focus();
  await user.keyboard('e');
  const field = await details().findByRole('textbox', { name: 'Your note' });
  expect(document.activeElement).toBe(field);
  await user.keyboard('Ask Ada p{Control>}{Enter}{/Control}');
  expect(patches().at(-1)).toEqual({ annotation: 'Ask Ada p', isPinned: true });
  expect(await details().findByRole('alert')).toBeTruthy();
  await user.click(screen.getAllByRole('option').slice(1)[0] as Element);
  await vi.waitFor(() => expect(details().queryByRole('textbox', { name: 'Your note' })).toBeNull());

  app.router.openRequest('dir1', 7);
  const again = await details().findByRole('textbox', { name: 'Your note' });
  expect((again as HTMLTextAreaElement).value).toBe('Ask Ada p');
  answer('/api/exchanges/7', { ...exchange, annotation: 'Ask Ada p' }, 'PATCH');
  await user.click(details().getByRole('button', { name: 'Save' }));
  await vi.waitFor(() => expect(details().queryByRole('textbox', { name: 'Your note' })).toBeNull());
  expect(app.announcer.text).toBe('Note saved');
  await user.keyboard('e');
  await user.click(details().getByRole('button', { name: 'Cancel' }));
  expect(details().queryByRole('textbox', { name: 'Your note' })).toBeNull();
});

it('leaves pinned requests where others are deleted, unless the person says so', async () => {
  const counts = { ...directory.counts, exchanges: 3, pinned: 2 };
  server.tree = { ...server.tree, directories: [{ ...directory, counts }] };
  await show(exchange);
  expect(screen.getByRole('button', { name: 'Pinned 2' })).toBeTruthy();
  answer('/api/directories/dir1/exchanges?pinned=true', null, 'DELETE', 204);
  await user.click(screen.getByRole('button', { name: 'Delete recorded requests…' }));
  const dialog = within(screen.getByRole('alertdialog', { name: 'Delete 1 recorded request?' }));
  await user.click(dialog.getByRole('checkbox', { name: 'Delete 2 pinned requests, too' }));
  expect(screen.getByRole('alertdialog', { name: 'Delete 3 recorded requests?' })).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Delete requests' }));
  expect(server.asked.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});

it('says what will be in a file, and where it was saved', async () => {
  const preview = {
    exchangeCount: 2,
    omitted: 0,
    bytes: 3_000,
    replacementCount: 1,
    replacements: [],
    annotations: [`Ask ${HOSTILE}`],
  };
  answer('/api/directories/dir1/case/preview?search=&show=all&anonymize=true', preview);
  await show(exchange);
  const download = vi.spyOn(server, 'download').mockRejectedValue(new Error('The disk is full.'));
  await user.click(screen.getByRole('button', { name: 'Export…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Export requests' }));
  expect(await dialog.findByText('2 requests, 3.0 KB')).toBeTruthy();
  expect(dialog.getByText('1 value is replaced')).toBeTruthy();
  expect(dialog.getByText(`Ask ${HOSTILE}`)).toBeTruthy();
  await user.click(dialog.getByRole('radio', { name: 'HTTP archive (HAR)' }));
  await user.click(dialog.getByRole('button', { name: 'Export' }));
  expect(await dialog.findByText('The disk is full.')).toBeTruthy();
  expect(download).toHaveBeenCalledWith(
    '/api/directories/dir1/exchanges.har?search=&show=all&anonymize=true',
    'scim-requests.har',
  );
  download.mockResolvedValue('/home/ada/Downloads/scim-requests.har');
  await user.click(dialog.getByRole('button', { name: 'Export' }));
  expect(await dialog.findByText('Saved as /home/ada/Downloads/scim-requests.har')).toBeTruthy();
});

it('helps with the search and lets a form be chosen', async () => {
  await show(exchange);
  const field = screen.getByRole('textbox', { name: 'Search requests', description: /user:, group:/ });
  expect(screen.queryByRole('group', { name: 'Filters' })).toBeNull();
  await user.click(field);
  await user.click(within(screen.getByRole('group', { name: 'Filters' })).getByText('person'));
  expect((field as HTMLInputElement).value).toBe('user:');
  expect(document.activeElement).toBe(field);
  expect(screen.queryByRole('group', { name: 'Filters' })).toBeNull();
});
