import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TunnelCheck } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import { FRESH_MS, RECHECK_MS, SLEPT_MS, TICK_MS, type TunnelWatch } from '$lib/state/tunnel-watch.svelte';
import { FakeServer, environment } from './server';

const CHECK = 'POST /api/environments/env1/tunnel-check';
const URL = 'https://ada.ngrok.app';

const works: TunnelCheck = {
  environmentId: 'env1',
  url: URL,
  checkedAt: '2026-06-07T12:00:00.000Z',
  code: 'works',
  outcome: 'works',
  title: 'The tunnel works',
  text: `${URL} reached this app in 43 ms.`,
  advice: null,
  command: null,
  roundTripMs: 43,
  steps: [],
};

let server: FakeServer;
let app: AppState;
let watch: TunnelWatch;
let isHidden = false;

const asked = () => server.asked.filter(({ method, path }) => `${method} ${path}` === CHECK).length;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers();
  isHidden = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
  server = new FakeServer();
  server.tree = { ...server.tree, environments: [{ ...environment, publicUrl: URL }] };
  server.answers.set(CHECK, { status: 200, body: works });
  app = new AppState(server);
  watch = app.tunnel;
  await app.start();
  watch.start();
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

it('has nothing to say without a URL', async () => {
  server.tree = { ...server.tree, environments: [environment] };
  await app.connection.reload();
  expect(watch.state).toBe('none');
  expect(await watch.ask()).toBeNull();
  expect(asked()).toBe(0);
});

it('goes from not checked over checking to the result', async () => {
  expect(watch.state).toBe('unchecked');
  const asking = watch.ask();
  expect(watch.state).toBe('checking');
  expect(await asking).toEqual(works);
  expect([watch.state, watch.check?.roundTripMs]).toEqual(['works', 43]);
});

it('keeps the last result on screen while it asks again, and asks only once at a time', async () => {
  await watch.ask();
  const again = watch.ask();
  expect([watch.state, watch.isChecking]).toEqual(['works', true]);
  expect(await watch.ask()).toBeNull();
  await again;
  expect(asked()).toBe(2);
});

it('says nothing about another URL with an old result', async () => {
  await watch.ask();
  server.tree = { ...server.tree, environments: [{ ...environment, publicUrl: 'https://new.ngrok.app' }] };
  await app.workspace.read();
  expect(watch.state).toBe('unchecked');
});

it('asks again every five minutes while the window is visible', async () => {
  watch.refresh();
  await settle();
  watch.refresh();
  expect(asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(RECHECK_MS - TICK_MS);
  expect(asked()).toBe(1);
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(asked()).toBe(2);
  isHidden = true;
  await vi.advanceTimersByTimeAsync(3 * RECHECK_MS);
  expect(asked()).toBe(2);
});

it('asks on coming back, unless it has just asked', async () => {
  watch.refresh();
  await settle();
  document.dispatchEvent(new Event('visibilitychange'));
  expect(asked()).toBe(1);
  isHidden = true;
  await vi.advanceTimersByTimeAsync(FRESH_MS);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(asked()).toBe(1);
  isHidden = false;
  document.dispatchEvent(new Event('visibilitychange'));
  await settle();
  expect(asked()).toBe(2);
  await vi.advanceTimersByTimeAsync(FRESH_MS);
  window.dispatchEvent(new Event('online'));
  await settle();
  expect(asked()).toBe(3);
});

it('asks after the machine slept', async () => {
  watch.refresh();
  await settle();
  vi.setSystemTime(Date.now() + SLEPT_MS + FRESH_MS);
  await vi.advanceTimersByTimeAsync(TICK_MS);
  expect(asked()).toBe(2);
});

it('asks at once when the port changes', async () => {
  watch.refresh();
  await settle();
  server.status = { ...server.status, listener: { state: 'listening', address: '127.0.0.1:7248', port: 7248 } };
  await app.connection.reload();
  watch.refresh();
  await settle();
  expect(asked()).toBe(2);
});

it('keeps why it could not ask, until it could', async () => {
  server.answers.set(CHECK, { status: 500, body: { code: 'internal', message: 'It failed.', field: null } });
  expect(await watch.ask()).toBeNull();
  expect([watch.error?.message, watch.isChecking, watch.state]).toEqual(['It failed.', false, 'unchecked']);
  server.answers.set(CHECK, { status: 200, body: works });
  await watch.ask();
  expect(watch.error).toBeNull();
});

it('stops with the window', async () => {
  watch.stop();
  await vi.advanceTimersByTimeAsync(3 * RECHECK_MS);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(asked()).toBe(0);
});
