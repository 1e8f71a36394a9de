import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Event as LiveEvent } from '$lib/api';
import { PAUSES_MS, followEvents } from '$lib/platform/live-connection';
import type { ConnectionState } from '$lib/platform';

/** The browser's end of a connection for live events. */
class FakeEventSource {
  static all: FakeEventSource[] = [];
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;

  constructor(readonly url: string) {
    FakeEventSource.all.push(this);
  }

  close(): void {
    this.isClosed = true;
  }

  begin(): void {
    this.onmessage?.({ data: '[{"type":"resync"}]' });
  }
}

let answer: number | 'none';
let batches: LiveEvent[][];
let states: ConnectionState[];
let stop: () => void;
const newest = () => FakeEventSource.all.at(-1);
const pause = (tries: number) => vi.advanceTimersByTimeAsync(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0);

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.all = [];
  [answer, batches, states] = [200, [], []];
  vi.stubGlobal('EventSource', FakeEventSource);
  vi.stubGlobal('fetch', () =>
    answer === 'none' ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve({ status: answer }),
  );
  stop = followEvents(
    (batch) => batches.push(batch),
    (state) => states.push(state),
  );
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('passes batches on and says that they come', () => {
  newest()?.begin();
  expect(batches).toEqual([[{ type: 'resync' }]]);
  expect(states).toEqual(['live']);
});

it('says that it lost the server, waits longer each time, and begins with a resync when it is back', async () => {
  newest()?.begin();
  answer = 'none';
  newest()?.onerror?.();
  expect([states.at(-1), newest()?.isClosed]).toEqual(['lost', true]);
  for (const tries of PAUSES_MS.keys()) await pause(tries);
  expect(FakeEventSource.all).toHaveLength(1);

  answer = 200;
  await pause(PAUSES_MS.length);
  expect(FakeEventSource.all).toHaveLength(2);
  expect(states.at(-1)).toBe('lost');
  newest()?.begin();
  expect([states.at(-1), batches.length]).toEqual(['live', 2]);
});

it('tells a server that no longer lets the page in from one that is gone, and gets in again when it may', async () => {
  answer = 401;
  newest()?.onerror?.();
  await pause(0);
  expect(states.at(-1)).toBe('refused');
  answer = 200;
  await pause(1);
  newest()?.begin();
  expect(states.at(-1)).toBe('live');
});

it('tries at once when somebody comes back to the page', async () => {
  answer = 'none';
  newest()?.onerror?.();
  await pause(0);
  answer = 200;
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeEventSource.all).toHaveLength(2);
});

it('opens one connection, however often somebody comes back', async () => {
  newest()?.begin();
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeEventSource.all).toHaveLength(1);
});

it('does nothing more once it is stopped', async () => {
  newest()?.onerror?.();
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeEventSource.all).toHaveLength(1);
});
