import { describe, expect, it, vi } from 'vitest';
import { words } from '$lib/batch-words';
import { ApiError, type Batch, type Client } from '$lib/api';
import { Batches } from '$lib/state/batches.svelte';

const running: Batch = {
  id: 'one',
  directoryId: 'okta',
  what: 'import',
  state: 'running',
  startedAt: '2026-06-07T12:03:11.000Z',
  total: 3,
  done: 0,
  created: 0,
  updated: 0,
  deleted: 0,
  skipped: 0,
  failed: 0,
  problems: [],
  endedEarly: null,
};
const over: Batch = { ...running, state: 'finished', done: 3, created: 2, failed: 1 };

describe('a batch', () => {
  it('is followed until it is over, however soon that is', async () => {
    const readBatch = vi.fn(() => Promise.resolve(over));
    const onend = vi.fn();
    const batches = new Batches({ readBatch } as unknown as Client);
    batches.onend = onend;
    batches.follow(running);
    await vi.waitFor(() => expect(batches.of('okta')).toEqual(over));
    batches.apply([{ type: 'batch', batchId: 'one' }, { type: 'resync' }]);
    expect([readBatch.mock.calls.length, onend.mock.calls.length]).toEqual([1, 1]);
    batches.dismiss(over);
    expect(batches.of('okta')).toBeNull();
  });

  it('is read again when it went on, and no other is', async () => {
    const readBatch = vi.fn(() => Promise.resolve({ ...running, done: 1 }));
    const batches = new Batches({ readBatch } as unknown as Client);
    batches.follow(running);
    await vi.waitFor(() => expect(batches.of('okta')?.done).toBe(1));
    batches.apply([{ type: 'batch', batchId: 'another' }]);
    expect(readBatch).toHaveBeenCalledTimes(1);
    batches.apply([{ type: 'batch', batchId: 'one' }]);
    await vi.waitFor(() => expect(readBatch).toHaveBeenCalledTimes(2));
  });

  it('stays on screen while nobody answers, and goes when nobody knows it', async () => {
    const failures = [new ApiError('unreachable', '', null, 0), new ApiError('notFound', '', null, 404)];
    const readBatch = vi.fn(() => Promise.reject(failures.shift() ?? new Error('asked too often')));
    const batches = new Batches({ readBatch } as unknown as Client);
    batches.follow(running);
    await vi.waitFor(() => expect(failures.length).toBe(1));
    expect(batches.of('okta')).toEqual(running);
    batches.apply([{ type: 'resync' }]);
    await vi.waitFor(() => expect(batches.of('okta')).toBeNull());
  });

  it('is found again by a window that was loaded anew, until it is dismissed, and ends once', async () => {
    localStorage.clear();
    const onend = vi.fn();
    const answers = [[running], [over], [over]];
    const client = {
      listBatches: vi.fn(() => Promise.resolve(answers.shift() ?? [over])),
      readBatch: () => Promise.resolve(running),
    } as unknown as Client;
    const batches = new Batches(client);
    batches.onend = onend;
    await batches.find('okta');
    expect(batches.of('okta')).toEqual(running);
    batches.apply([{ type: 'resync' }]);
    await vi.waitFor(() => expect(batches.of('okta')).toEqual(over));
    await batches.find('okta');
    expect(onend).toHaveBeenCalledOnce();

    const reloaded = new Batches(client);
    reloaded.onend = onend;
    await reloaded.find('okta');
    expect(reloaded.of('okta')).toEqual(over);
    expect(onend).toHaveBeenCalledOnce();
    reloaded.dismiss({ ...over, id: 'of another directory', directoryId: 'entra' });
    reloaded.dismiss(over);
    await reloaded.find('okta');
    expect([reloaded.of('okta'), batches.of('okta')]).toEqual([null, over]);
  });

  it('that is newer than what the server told stays', async () => {
    localStorage.clear();
    const newer = { ...running, id: 'two', startedAt: '2026-06-07T12:04:00.000Z' };
    const client = { listBatches: () => Promise.resolve([over]), readBatch: () => Promise.resolve(newer) };
    const batches = new Batches(client as unknown as Client);
    const found = batches.find('okta');
    batches.follow(newer);
    await found;
    expect(batches.of('okta')).toEqual(newer);
  });

  it('is told in words', () => {
    expect(words.batch.outcome(over)).toBe('2 created and 1 failed.');
    expect(words.batch.outcome({ ...running, what: 'deactivate', updated: 1_000, endedEarly: 'You stopped it.' })).toBe(
      '1,000 deactivated. You stopped it.',
    );
    expect(words.batch.outcome(running)).toBe('Nothing to do.');
  });
});
