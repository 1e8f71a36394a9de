import { cleanup, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Directory } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import { MARK_MS } from '$lib/state/marks.svelte';
import DirectoryItemHost from './DirectoryItemHost.svelte';
import { FakeServer, directory } from './server';

const withUsers = (users: number): Directory => ({ ...directory, counts: { ...directory.counts, users } });
const isFresh = () => screen.getByText('6').classList.contains('fresh');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it('shows for a moment that somebody arrived, also when more happens meanwhile', async () => {
  const app = new AppState(new FakeServer());
  const { rerender } = render(DirectoryItemHost, { app, directory: withUsers(5) });
  await rerender({ directory: withUsers(6) });
  expect(isFresh()).toBe(true);
  await vi.advanceTimersByTimeAsync(MARK_MS / 2);
  await rerender({ directory: withUsers(6) });
  expect(isFresh()).toBe(true);
  await vi.advanceTimersByTimeAsync(MARK_MS);
  await tick();
  expect(isFresh()).toBe(false);
});
