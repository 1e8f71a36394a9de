import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Event, Guide, GuideStep } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import { FakeServer, directory } from './server';
import GuideTabHost from './GuideTabHost.svelte';

const PATH = '/api/directories/dir1/guide';
const HOSTILE = '<img src=x onerror="alert(1)">';
const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0 });

const step = (id: string, rest: Partial<GuideStep>): GuideStep => ({
  id,
  title: id,
  outcome: `${id} done`,
  place: [],
  hint: '',
  notArriving: '',
  fields: [],
  expects: null,
  isOptional: false,
  state: { is: 'notYet' },
  ...rest,
});

const connect = step('connect', {
  title: 'Fill in the SCIM connection',
  place: ['Provisioning', 'Integration', 'Edit'],
  fields: [
    { name: 'SCIM connector base URL', value: { kind: 'baseUrl' }, note: '' },
    { name: 'Unique identifier field for users', value: { kind: 'text', value: 'email' }, note: '' },
    {
      name: 'Supported provisioning actions',
      value: {
        kind: 'boxes',
        value: [
          { label: 'Push Groups', isOn: true },
          { label: 'Import Groups', isOn: false },
        ],
      },
      note: 'Leave Import Groups clear.',
    },
    { name: 'Authentication Mode', value: { kind: 'choice', value: 'HTTP Header' }, note: '' },
    { name: 'Authorization', value: { kind: 'token', value: 'shown' }, note: '' },
  ],
  expects: 'any request with the token',
  state: { is: 'open' },
});

const seen: GuideStep['state'] = {
  is: 'seen',
  exchangeId: 7,
  at: '2026-06-07T12:04:11.000Z',
  method: 'GET',
  path: `/Users?filter=${HOSTILE}`,
};

const guide: Guide = {
  track: 'okta-aiw',
  isChosen: false,
  isInForce: true,
  provider: 'Okta',
  docs: '',
  steps: [step('enable', { title: 'Turn on SCIM', state: seen }), connect, step('test', { title: 'Test it' })],
  current: 'connect',
  seenApp: null,
  causes: [
    { id: 'token-unknown', question: 'Whole token?', remedy: 'Paste it.', action: 'token', exchangeId: 8 },
    { id: 'other', question: 'Saved?', remedy: 'Save.', action: null, exchangeId: null },
  ],
  remarks: [],
  lookAgainAt: null,
  readByAppAt: null,
};

let server: FakeServer;
let app: AppState;

beforeEach(() => {
  server = new FakeServer();
  server.answers.set(`GET ${PATH}`, { status: 200, body: guide });
  app = new AppState(server);
});
afterEach(() => {
  cleanup();
  app.stop();
});

async function show(): Promise<void> {
  await app.start();
  render(GuideTabHost, { app, directory: server.tree.directories[0] ?? directory });
  await screen.findByText('Fill in the SCIM connection');
}

it('ends with the app that reads, which waits for nobody', async () => {
  await show();
  const last = () => screen.getByRole('heading', { name: 'Read it from your app' }).closest('li');
  expect(last()?.textContent).toMatch(/^4.*Optional/s);
  expect(last()?.getAttribute('aria-current')).toBeNull();
  const asked = () => server.asked.filter(({ method, path }) => method === 'GET' && path === PATH).length;
  const before = asked();
  server.answers.set(`GET ${PATH}`, { status: 200, body: { ...guide, readByAppAt: '2026-06-07T12:05:00.000Z' } });
  server.send([{ type: 'apiCall', call: { id: 3 } } as Event]);
  await waitFor(() => expect(last()?.textContent).toMatch(/^\s*Read it from your app.*read /s));
  expect(asked()).toBe(before + 1);
  await user.click(screen.getByRole('button', { name: 'Open Your app' }));
  expect(app.router.route).toMatchObject({ screen: 'directory', tab: 'app' });
});

it('opens one step, with values to copy and boxes to tick', async () => {
  await show();
  const expanded = screen.getAllByRole('button', { expanded: true });
  expect(expanded.map((button) => button.getAttribute('aria-label'))).toEqual([
    'Step 2: Fill in the SCIM connection. To do',
  ]);
  await user.click(screen.getByRole('button', { name: 'Copy base URL' }));
  await user.click(screen.getByRole('button', { name: 'Copy value for Unique identifier field for users' }));
  expect(server.copied).toEqual([directory.baseUrl, 'email']);
  expect(screen.getAllByRole('img', { name: 'Tick' })).toHaveLength(1);
  expect(screen.getByRole('img', { name: 'Leave clear' }).parentElement?.textContent).toContain('Import Groups');

  await user.click(screen.getByRole('button', { name: /^Step 3/ }));
  expect(screen.getAllByRole('button', { expanded: true })).toHaveLength(1);
  expect(screen.queryByText('HTTP Header')).toBeNull();
});

it('leads from the token to the dialog that shows it once', async () => {
  await show();
  expect(screen.getByText(/shown only when it is generated/)).toBeTruthy();
  const [inField] = screen.getAllByRole('button', { name: 'Generate token' });
  await user.click(inField as HTMLElement);
  expect(app.dialogs.current).toEqual({ kind: 'token', id: 'dir1' });
});

it('names the request that ticked a step and leads to it', async () => {
  await show();
  const link = screen.getByRole('button', { name: /^seen .*GET \/Users/ });
  expect(document.querySelector('img')).toBeNull();
  await user.click(link);
  expect(app.router.route).toEqual({ screen: 'directory', id: 'dir1', tab: 'requests', open: '7' });
});

it('shows likely causes with what to do about them', async () => {
  await show();
  const causes = screen.getByRole('status', { name: 'Likely causes' });
  expect(within(causes).getAllByRole('listitem')).toHaveLength(2);
  await user.click(within(causes).getByRole('button', { name: 'Generate token' }));
  expect(app.dialogs.current).toEqual({ kind: 'token', id: 'dir1' });
});

it('follows requests as they arrive, and ticks by hand', async () => {
  await show();
  const [enable] = guide.steps;
  const after: Guide = {
    ...guide,
    steps: [enable as GuideStep, { ...connect, state: { ...seen, exchangeId: 9 } }],
    current: null,
    causes: [],
    remarks: [],
  };
  await user.click(screen.getByRole('button', { name: 'Mark as done' }));
  expect(server.asked.at(-1)).toEqual({ method: 'PATCH', path: PATH, body: { steps: { connect: true } } });

  server.answers.set(`GET ${PATH}`, { status: 200, body: after });
  server.send([{ type: 'exchange', exchange: { id: 9, directoryId: 'dir1' } } as Event]);
  expect(await screen.findByText('All steps are done.')).toBeTruthy();
  expect(screen.getByText('connect done: done')).toBeTruthy();
  expect(screen.queryByRole('status', { name: 'Likely causes' })).toBeNull();
});

it('says what the requests show besides', async () => {
  const remark = { id: 'import-groups', text: 'Import Groups is ticked.', exchangeId: 7, at: seen.at };
  server.answers.set(`GET ${PATH}`, { status: 200, body: { ...guide, remarks: [remark] } });
  await show();
  expect(screen.getAllByText(/Import Groups is ticked\./)).toHaveLength(2);
});

it('makes the directory primary where another one is', async () => {
  server.tree = { ...server.tree, directories: [{ ...directory, isPrimary: false }] };
  server.answers.set('PATCH /api/directories/dir1', { status: 200, body: directory });
  await show();
  await user.click(screen.getByRole('button', { name: 'Make it primary' }));
  expect(server.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body)).toEqual([
    { isPrimary: true },
  ]);
});

it('looks at other guides without changing anything, and takes one over when asked', async () => {
  const text = 'Okta sends PATCH: this is a template of its catalog.';
  const seenApp = { track: 'okta-template' as const, method: 'PATCH', text, exchangeId: 3, at: seen.at };
  server.answers.set(`GET ${PATH}`, { status: 200, body: { ...guide, isChosen: true, seenApp } });
  for (const track of ['okta-template', 'entra'] as const)
    server.answers.set(`GET ${PATH}?track=${track}`, { status: 200, body: { ...guide, track, isInForce: false } });
  server.answers.set(`PATCH ${PATH}`, { status: 200, body: { ...guide, track: 'entra', isChosen: true } });
  const changes = () => server.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
  await show();
  app.router.go({ screen: 'directory', id: 'dir1', tab: 'guide' });
  await user.click(screen.getByRole('button', { name: 'Show its guide' }));
  await waitFor(() => expect(app.router.route).toMatchObject({ tab: 'guide', show: 'okta-template' }));
  await user.click(screen.getByRole('radio', { name: 'Entra ID' }));
  const use = await screen.findByRole('button', { name: 'Use this guide for this directory' });
  expect(app.router.route).toMatchObject({ tab: 'guide', show: 'entra' });
  expect(screen.queryByRole('button', { name: 'Mark as done' })).toBeNull();
  expect(changes()).toEqual([]);
  await user.click(use);
  expect(changes()).toEqual([{ track: 'entra', steps: {} }]);
});

it('says that a step is to be done again, and leads to the requests that were rejected', async () => {
  const again: GuideStep['state'] = { is: 'reopened', at: seen.at, since: '2026-06-07T12:41:00.000Z', exchangeId: 9 };
  const steps = [guide.steps[0] as GuideStep, { ...connect, state: again }];
  server.answers.set(`GET ${PATH}`, { status: 200, body: { ...guide, steps, causes: [] } });
  await show();
  expect(screen.getByRole('complementary', { name: 'Progress' }).textContent).toContain('1 of 2 done');
  expect(screen.queryByText('All steps are done.')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Mark as done' })).toBeNull();
  await user.click(screen.getByRole('button', { name: /^done .*, rejected since .*View the rejected requests$/ }));
  expect(app.router.route).toEqual({ screen: 'directory', id: 'dir1', tab: 'requests', show: 'errors', open: '9' });
});
