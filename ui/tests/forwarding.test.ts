import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ForwardedExchange } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import { Submission } from '$lib/state/submission.svelte';
import { ForwardingForm } from '../src/screens/dialogs/forwarding-form.svelte';
import DialogHost from './DialogHost.svelte';
import { exchange } from './exchange';
import RequestsTabHost from './RequestsTabHost.svelte';
import { directory, FakeServer } from './server';

const user = userEvent.setup({ pointerEventsCheck: 0 });
const CONSENT = 'https://scim.example.com is not on this machine. Confirm this first.';

let server: FakeServer;
let app: AppState;

beforeEach(async () => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(800);
  server = new FakeServer();
  server.tree = { ...server.tree, directories: [directory] };
  server.answers.set('POST /api/directories', { status: 201, body: { ...directory, id: 'dir2' } });
  app = new AppState(server);
  await app.start();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const press = (name: string) => user.click(screen.getByRole('button', { name }));
const sent = (path: string) => server.asked.filter((asked) => asked.path === path && asked.method === 'POST');

async function open(): Promise<void> {
  app.dialogs.open({ kind: 'newDirectory', organizationId: 'org1' });
  render(DialogHost, { app });
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'Staging');
  await user.click(screen.getByRole('radio', { name: 'Forward to your SCIM server' }));
}

const address = () => screen.getByRole('textbox', { name: 'SCIM base URL of your server' });

it('makes a directory that forwards, once it knows where to', async () => {
  await open();
  await press('Create directory');
  expect(screen.getByText('Enter the base URL of your server.')).toBeTruthy();
  await user.type(address(), ' http://localhost:8080/scim ');
  await press('Create directory');
  await waitFor(() => expect(sent('/api/directories')).toHaveLength(1));
  expect(sent('/api/directories')[0]?.body).toMatchObject({
    name: 'Staging',
    forwarding: { to: 'http://localhost:8080/scim', token: 'passOn', confirmed: false },
  });
});

it('asks before it sends to a server elsewhere, and again if that becomes another', async () => {
  server.answers.set('POST /api/directories', {
    status: 422,
    body: { code: 'invalid', message: CONSENT, field: 'confirmed' },
  });
  await open();
  await user.type(address(), 'https://scim.example.com');
  await press('Create directory');
  const agree = await screen.findByRole('checkbox', { name: 'Yes, send everything there' });
  await user.click(agree);
  server.answers.set('POST /api/directories', { status: 201, body: { ...directory, id: 'dir2' } });
  await user.type(address(), '/v2');
  expect(app.dialogs.current?.kind).toBe('newDirectory');
  await user.click(agree);
  await press('Create directory');
  await waitFor(() => expect(sent('/api/directories')).toHaveLength(2));
  expect(sent('/api/directories')[1]?.body).toMatchObject({
    forwarding: { to: 'https://scim.example.com/v2', confirmed: true },
  });
});

it('asks for the token again once the base URL names another server', async () => {
  const forwarding = { to: 'http://localhost:8080/scim', token: 'replace', isTokenMissing: false } as const;
  const form = new ForwardingForm({ ...directory, forwarding });
  const submission = new Submission();
  form.to = 'http://localhost:8080/scim/v2';
  expect(form.finish(submission)).toBe(true);
  for (const other of ['http://localhost:8081/scim', 'https://localhost:8080/scim', 'http://scim.example.com/scim']) {
    form.to = other;
    expect(form.finish(submission), other).toBe(false);
    expect(submission.of('secret'), other).not.toBeNull();
  }
});

it('tests the connection with the token that is put in the place of another', async () => {
  const check = { isReady: false, status: 401, text: 'Your server refuses the token.', durationMs: 3 };
  server.answers.set('POST /api/forwarding-checks', { status: 200, body: check });
  await open();
  await user.type(address(), 'http://localhost:8080');
  await user.click(screen.getByRole('radio', { name: 'Put another token in its place' }));
  await press('Test connection');
  expect(screen.getByText('Enter the token for your server.')).toBeTruthy();
  await user.type(screen.getByLabelText('Token for your server'), 'secret');
  await press('Test connection');
  expect((await screen.findByRole('status')).textContent).toContain('Your server refuses the token.');
  expect(sent('/api/forwarding-checks').at(-1)?.body).toEqual({
    to: 'http://localhost:8080',
    token: 'replace',
    secret: 'secret',
    confirmed: false,
  });
});

it('a request says who answered, how long that took, and what is wrong with the answer', async () => {
  const forwarded: ForwardedExchange = {
    to: 'http://localhost:8080/scim',
    answeredBy: 'yourServer',
    targetMs: 120,
    rewritten: 2,
    remarks: ['The answer is compressed.'],
    faults: [
      {
        rule: 'rfc-list',
        title: 'A list has its numbers as integers',
        weight: 'fails',
        text: 'Okta stops without a reason.',
        expected: '{"totalResults":"an integer"}',
        actual: '{"totalResults":"0"}',
        section: 'RFC 7644 §3.4.2',
        fix: 'Send numbers, not texts.',
      },
    ],
  };
  const shown = { ...exchange, forwarded };
  const list = '/api/directories/dir1/exchanges?search=&show=all&limit=100';
  server.answers.set(`GET ${list}`, { status: 200, body: { total: 1, items: [shown.row], next: null } });
  server.answers.set(`GET /api/exchanges/${shown.row.id}`, { status: 200, body: shown });
  app.router.go({ screen: 'directory', id: 'dir1', tab: 'requests', open: String(shown.row.id) });
  render(RequestsTabHost, { app });
  const details = within(await screen.findByRole('region', { name: 'Request' }));
  expect(await details.findByText('What Okta may trip over in this answer')).toBeTruthy();
  for (const text of [
    'Your server',
    'A list has its numbers as integers',
    'Send numbers, not texts.',
    'The answer is compressed.',
  ])
    expect(details.getByText(text)).toBeTruthy();
  expect(details.getByText(/^Your server took 120 ms of/)).toBeTruthy();
  expect(details.getByText('2 addresses of your server were changed to this directory’s')).toBeTruthy();
});
