import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Clock } from '$lib/state/clock.svelte';

let clock: Clock;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-06-07T12:00:00.000Z') });
  clock = new Clock();
  clock.start();
});
afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

it('follows the seconds of what is recent', () => {
  const at = new Date().toISOString();
  expect(clock.relative(at)).toBe('now');
  vi.advanceTimersByTime(12_000);
  expect(clock.relative(at)).toBe('12 s');
  vi.advanceTimersByTime(60_000);
  expect(clock.relative(at)).toBe('1 min');
});

it('follows only the minutes of what is not', () => {
  const at = new Date(Date.now() - 5 * 60_000).toISOString();
  const before = clock.nowFor(at);
  vi.advanceTimersByTime(30_000);
  expect(clock.nowFor(at)).toBe(before);
  vi.advanceTimersByTime(30_000);
  expect(clock.nowFor(at)).toBe(before + 60_000);
});

it('calls what the server dates a little ahead "now"', () => {
  expect(clock.relative(new Date(Date.now() + 400).toISOString())).toBe('now');
});

it('names the day of what is not of today, and follows the change of the day', () => {
  const at = new Date(2026, 5, 7, 12, 0, 0).toISOString();
  vi.setSystemTime(new Date(2026, 5, 7, 23, 59, 30));
  vi.advanceTimersByTime(2_000);
  expect(clock.otherDay(at)).toBeNull();
  expect(clock.moment(at)).toBe('12:00:00');
  vi.advanceTimersByTime(90_000);
  expect(clock.otherDay(at)).toBe('Yesterday');
  expect(clock.moment(at)).toBe('yesterday 12:00');
  expect(clock.since(at)).toBe('yesterday 12:00');
});
