import { cleanup, render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CheckOutcome, Simulation, StepReport } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import { FakeServer, directory } from './server';
import { check, info, simulation, step } from './simulation';
import SimulatorTabHost from './SimulatorTabHost.svelte';

const HOSTILE = '<img src=x onerror="alert(1)">';
const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0 });

let server: FakeServer;
let app: AppState;

beforeEach(() => {
  server = new FakeServer();
  app = new AppState(server);
});
afterEach(() => {
  cleanup();
  app.stop();
});

async function show(
  latest: Simulation | null = null,
  steps: StepReport[] = [],
  outcomes: CheckOutcome[] = [],
): Promise<void> {
  for (const foreign of [false, true]) {
    const path = `/api/directories/dir1/simulator?provider=okta-aiw&foreign=${foreign}`;
    server.answers.set(`GET ${path}`, { status: 200, body: { ...info, latest, usersMade: steps.length } });
  }
  const page = { simulation: latest, steps, outcomes };
  server.answers.set('GET /api/simulations/run1?after=0', { status: 200, body: page });
  await app.start();
  render(SimulatorTabHost, { app, directory });
  await screen.findByText('Scenario');
}

const posted = () => server.asked.filter(({ method, path }) => method === 'POST' && path === '/api/simulations');

it('opens what failed, with what was expected, what came, and what the administrator sees', async () => {
  const failed = step(2, {
    title: HOSTILE,
    verdict: 'failed',
    evidence: { mark: 'inferred', from: '' },
    findings: [
      {
        weight: 'fails',
        expected: { totalResults: 1 },
        actual: { totalResults: HOSTILE },
        because: 'userName is not case-sensitive.',
        section: 'RFC 7643 §4.1.1',
      },
    ],
    admin: {
      place: 'Tasks',
      text: 'Automatic provisioning failed',
      then: 'Nothing.',
      evidence: { mark: 'observed', from: '' },
    },
  });
  await show(simulation({ state: 'finished', passed: 1, failed: 1, total: 2 }), [step(1), failed]);
  const steps = within(await screen.findByRole('region', { name: 'Steps' }));
  await steps.findByText('Step 1');
  const [first, second] = steps.getAllByRole('button', { name: /Passed|Failed/ });
  expect([first?.getAttribute('aria-expanded'), second?.getAttribute('aria-expanded')]).toEqual(['false', 'true']);
  expect(steps.getByText('userName is not case-sensitive.', { exact: false }).textContent).toContain('RFC 7643 §4.1.1');
  expect(steps.getByText('What Okta’s administrator sees').parentElement?.textContent).toContain(
    'Automatic provisioning failed',
  );
  expect(steps.getByText('Okta-shaped')).toBeTruthy();
  expect(document.querySelector('img')).toBeNull();
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('2');

  await user.click(screen.getByRole('button', { name: /^Failed/, pressed: false }));
  expect(steps.getAllByRole('button', { name: /Passed|Failed/ })).toHaveLength(1);
});

it('says how many steps are no longer kept, and counts them', async () => {
  const counts = { passed: 6_999, failed: 1, stepsDropped: 6_998, stepsKeptFrom: 7_000, total: 7_000 };
  await show(simulation({ state: 'finished', ...counts }), [step(4, { verdict: 'failed' }), step(7_000)]);
  expect(await screen.findByText('6,998 earlier steps are no longer kept.')).toBeTruthy();
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('7000');
  expect(screen.getByText('7,000 of 7,000')).toBeTruthy();
});

it('asks before it writes to another server, and says what will be there', async () => {
  await show();
  await user.click(screen.getByRole('radio', { name: 'Another SCIM server' }));
  await user.click(screen.getByRole('button', { name: 'Run' }));
  expect(screen.getByRole('alert').textContent).toBe('Enter the base URL of the server.');
  await user.type(screen.getByLabelText('Base URL'), 'https://scim.example.com/scim/v2');
  await user.type(screen.getByLabelText('Bearer token'), 'secret');
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(app.dialogs.current).toMatchObject({ kind: 'foreignRun', url: 'https://scim.example.com/scim/v2' });
  expect(app.dialogs.current?.kind === 'foreignRun' && app.dialogs.current.what).toContain('“sim-”');
  expect(posted()).toHaveLength(0);
  if (app.dialogs.current?.kind === 'foreignRun') app.dialogs.current.go();
  await vi.waitFor(() => expect(posted()).toHaveLength(1));
  expect(screen.getByLabelText<HTMLInputElement>('Bearer token').type).toBe('password');
  expect(JSON.stringify(localStorage)).not.toContain('secret');
});

it('offers only what this directory can do, and to remove what it made', async () => {
  await show(simulation({ state: 'finished' }), [step(1)]);
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'This directory, through the tunnel' }).disabled).toBe(
    true,
  );
  await user.click(screen.getByRole('button', { name: 'Common mistakes 1' }));
  await user.click(screen.getByRole('radio', { name: /^Wrong token/ }));
  expect(screen.queryByLabelText('People')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Remove 1 test user' }));
  expect(posted().map(({ body }) => body)).toMatchObject([{ what: { kind: 'cleanUp' }, target: { kind: 'local' } }]);
});

it('says what to fix first, keeps failed checks closed, and goes from one to the next by key', async () => {
  const failed = (id: string, cause: string | null) => check(id, { verdict: 'failed', cause });
  const outcomes = [check('a'), failed('b', 'Apply filter.'), failed('c', null), failed('d', 'Apply filter.')];
  const run = simulation({
    what: { kind: 'checks', suites: ['okta'], only: [] },
    state: 'finished',
    ...{ passed: 1, failed: 3, total: 4 },
    usersLeft: [{ id: 'u1', name: 'sim-ada' }],
    groupsLeft: [{ id: 'g1', name: 'sim-group' }],
  });
  await show(run, [], outcomes);
  const checks = within(await screen.findByRole('region', { name: 'Checks' }));
  const open = () => checks.getAllByRole('button', { expanded: true }).map(({ textContent }) => textContent.trim());
  await checks.findByText('Check d');
  expect(checks.queryAllByRole('button', { expanded: true })).toHaveLength(0);
  expect(screen.getByText(/These are still there: user sim-ada \(u1\) and group sim-group \(g1\)/)).toBeTruthy();

  await user.keyboard('n');
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Check b'));
  await user.keyboard('n');
  await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('Check c'));
  expect(open()).toHaveLength(2);

  const causes = within(screen.getByRole('region', { name: 'Fix these first' }));
  expect(causes.getAllByRole('button')).toHaveLength(1);
  await user.click(causes.getByRole('button', { name: 'Apply filter. 2 checks' }));
  expect(checks.queryByText('Check c')).toBeNull();
  expect(checks.getByText('Check d')).toBeTruthy();
});
