import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Client, type CheckOutcome, type Simulation, type StepReport } from '$lib/api';
import { Simulator } from '$lib/state/simulator.svelte';
import { SimulatorForm } from '$lib/state/simulator-form.svelte';
import { FakeServer } from './server';
import { check, info, simulation, step } from './simulation';

/** A server with runs that the test moves on. */
class Runs extends FakeServer {
  latest: Simulation | null = null;
  run: Simulation = simulation();
  steps: StepReport[] = [];
  outcomes: CheckOutcome[] = [];
  started: unknown[] = [];

  override answer(...[method, path, body]: Parameters<FakeServer['answer']>) {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    const answer = (it: unknown, status = 200) => Promise.resolve({ status, body: it });
    if (pathname === '/api/directories/dir1/simulator') return answer({ ...info, latest: this.latest });
    if (method === 'POST' && pathname === '/api/simulations') {
      this.started.push(body);
      return answer(this.run, 201);
    }
    if (pathname === `/api/simulations/${this.run.id}`) {
      const after = Number(searchParams.get('after'));
      const steps = this.steps.filter(({ number }) => number > after).slice(0, 500);
      return answer({ simulation: this.run, steps, outcomes: this.outcomes.slice(after, after + 500) });
    }
    return super.answer(method, path, body);
  }
}

let server: Runs;
let simulator: Simulator;
const told = (simulationId = 'run1') => simulator.apply([{ type: 'simulation', simulationId, directoryId: 'dir1' }]);
const rest = () => vi.advanceTimersByTimeAsync(500);
const titles = () => simulator.steps.map(({ title }) => title);

beforeEach(() => {
  vi.useFakeTimers();
  server = new Runs();
  simulator = new Simulator(new Client(server), 'dir1', new SimulatorForm('okta-aiw'));
});
afterEach(() => {
  simulator.stop();
  vi.useRealTimers();
});

it('follows a run to its end, and tells no step twice', async () => {
  await simulator.load();
  await simulator.start();
  server.steps = [step(1)];
  told();
  await rest();
  expect([titles(), simulator.isRunning]).toEqual([['Step 1'], true]);
  server.steps = [step(1), step(2), step(3)];
  server.run = simulation({ state: 'finished', failed: 1 });
  told();
  told();
  await rest();
  expect([titles(), simulator.isRunning]).toEqual([['Step 1', 'Step 2', 'Step 3'], false]);
  expect(simulator.news).toBe('Full lifecycle as Okta: 1 failed.');
});

it('reads a thousand people in as many pages as it takes', async () => {
  server.steps = Array.from({ length: 1_200 }, (_, index) => step(index + 1));
  server.latest = server.run = simulation({ state: 'finished', total: 1_200 });
  await simulator.load();
  await rest();
  expect(simulator.steps).toHaveLength(1_200);
  expect(simulator.steps.at(-1)?.number).toBe(1_200);
});

it('lets go of the steps that the server no longer keeps, but not of what failed', async () => {
  server.steps = [step(1), step(2, { verdict: 'failed' }), step(3)];
  server.latest = server.run;
  await simulator.load();
  await rest();
  expect(titles()).toEqual(['Step 1', 'Step 2', 'Step 3']);
  server.steps = [step(2, { verdict: 'failed' }), step(5), step(6)];
  server.run = simulation({ stepsDropped: 3, stepsKeptFrom: 5 });
  told();
  await rest();
  expect(titles()).toEqual(['Step 2', 'Step 5', 'Step 6']);
  server.steps.push(step(7));
  told();
  await rest();
  expect(titles()).toEqual(['Step 2', 'Step 5', 'Step 6', 'Step 7']);
});

it('shows the run that somebody else started', async () => {
  server.latest = server.run;
  server.steps = [step(1)];
  await simulator.load();
  await rest();
  server.run = simulation({ id: 'run2', title: 'Rename as Okta' });
  server.steps = [step(1, { title: 'Another' })];
  told('run2');
  await rest();
  expect([simulator.run?.id, titles()]).toEqual(['run2', ['Another']]);
  simulator.apply([{ type: 'simulation', simulationId: 'run3', directoryId: 'another' }]);
  await rest();
  expect(simulator.run?.id).toBe('run2');
});

it('puts a check that ran again in the place of its former outcome', async () => {
  const what: Simulation['what'] = { kind: 'checks', suites: ['okta'] };
  server.latest = server.run = simulation({ what, state: 'finished' });
  server.outcomes = [check('okta-one', { verdict: 'failed' }), check('okta-two')];
  await simulator.load();
  await rest();
  server.run = simulation({ id: 'run2', what });
  await simulator.again(server.outcomes[0] as CheckOutcome);
  await rest();
  server.outcomes = [check('okta-one'), check('okta-two')];
  server.run = simulation({ id: 'run2', what, state: 'finished' });
  told('run2');
  await rest();
  expect(simulator.outcomes.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
  expect(server.started).toMatchObject([{ what: { kind: 'checks', suites: ['okta'], only: ['okta-one'] } }]);
});

it('runs a check again where the run went, whatever the form says by then', async () => {
  const what: Simulation['what'] = { kind: 'checks', suites: ['okta'] };
  server.outcomes = [check('okta-one')];
  server.latest = server.run = simulation({ what, state: 'finished' });
  await simulator.load();
  await rest();
  Object.assign(simulator.form, { target: 'foreign', baseUrl: 'https://scim.example.com/scim/v2', token: 'secret' });
  await simulator.again(server.outcomes[0] as CheckOutcome);
  await rest();
  expect(server.started).toMatchObject([{ target: { kind: 'local' }, confirmed: false }]);

  const there = { what, targetKind: 'foreign' as const, state: 'finished' as const };
  server.run = simulation({ id: 'run2', ...there });
  await simulator.start();
  await rest();
  simulator.form.target = 'local';
  expect(simulator.canRunAgain).toBe(true);
  server.run = simulation({ id: 'run3', ...there });
  await simulator.again(server.outcomes[0] as CheckOutcome);
  await rest();
  const target = { kind: 'foreign', baseUrl: 'https://scim.example.com/scim/v2', token: 'secret' };
  expect(server.started.slice(1)).toMatchObject([{ target }, { target, confirmed: true }]);

  // Somebody else sent it there: its token is not known here.
  server.run = simulation({ id: 'run4', ...there });
  told('run4');
  await rest();
  expect(simulator.canRunAgain).toBe(false);
});

it('does not call a run that is gone a running one', async () => {
  server.latest = server.run;
  server.steps = [step(1)];
  await simulator.load();
  await rest();
  expect(simulator.isRunning).toBe(true);
  // The server was started anew: it knows no runs.
  server.latest = null;
  server.run = simulation({ id: 'another' });
  simulator.apply([{ type: 'resync' }]);
  await rest();
  expect([simulator.isRunning, simulator.run, titles()]).toEqual([false, null, []]);
});

it('takes in twice what it was told twice, once', async () => {
  server.steps = [step(1), step(2)];
  server.latest = server.run;
  await simulator.load();
  told();
  await simulator.start();
  await rest();
  expect(titles()).toEqual(['Step 1', 'Step 2']);
});

it('plays the provider that the guide leads to', () => {
  const { form } = simulator;
  form.provider = 'google';
  form.follow('okta-aiw');
  expect(form.provider).toBe('google');
  form.follow('entra');
  expect(form.provider).toBe('entra');
});

it('asks for what is missing before anything is sent', async () => {
  await simulator.load();
  const { form, submission } = simulator;
  const refused = (field: string) => {
    expect(simulator.check()).toBe(false);
    expect(submission.of(field)).not.toBeNull();
  };
  form.people = 'many';
  refused('people');
  form.people = '3';
  expect(simulator.check()).toBe(true);
  form.target = 'foreign';
  refused('baseUrl');
  form.baseUrl = ' https://scim.example.com/scim/v2 ';
  refused('token');
  form.token = 'secret';
  expect(simulator.check()).toBe(true);
  form.mode = 'check';
  form.suites = [];
  refused('suites');
  form.suites = ['okta'];
  await simulator.start();
  expect(server.started).toEqual([
    {
      directoryId: 'dir1',
      what: { kind: 'checks', suites: ['okta'] },
      target: { kind: 'foreign', baseUrl: 'https://scim.example.com/scim/v2', token: 'secret' },
      pace: 'quick',
      confirmed: true,
    },
  ]);
});
