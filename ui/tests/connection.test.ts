import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '$lib/api';
import { Connection } from '$lib/state/connection.svelte';
import { FakeServer } from './server';

let server: FakeServer;
let connection: Connection;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  connection = new Connection(server);
});
afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

it('reads what is kept with everything else, when its event comes, and when asked to', async () => {
  const read = vi.fn(() => Promise.resolve());
  const again = connection.keep(read, 'tree');
  await connection.start();
  expect(read).toHaveBeenCalledTimes(1);
  server.send([{ type: 'status' }]);
  expect(read, 'of another event').toHaveBeenCalledTimes(1);
  server.send([{ type: 'tree' }, { type: 'tree' }]);
  expect(read, 'once for a batch').toHaveBeenCalledTimes(2);
  server.send([{ type: 'resync' }, { type: 'tree' }]);
  expect(read, 'a resync reads everything').toHaveBeenCalledTimes(3);
  await again();
  expect(read).toHaveBeenCalledTimes(4);
});

it('asks again for an answer that was lost, and keeps what is on screen', async () => {
  const read = vi.fn(() => Promise.resolve());
  const again = connection.keep(read);
  await connection.start();
  read.mockRejectedValueOnce(new ApiError('unreachable', 'Nobody answers.', null, 0));
  await again();
  expect([connection.phase, connection.problem]).toEqual(['ready', '']);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(read).toHaveBeenCalledTimes(3);

  // Without a connection nobody would answer: it begins with a resync when it is back.
  read.mockRejectedValueOnce(new ApiError('unreachable', 'Nobody answers.', null, 0));
  await again();
  connection.state = 'lost';
  await vi.advanceTimersByTimeAsync(2_000);
  expect(read).toHaveBeenCalledTimes(4);
});

it('fails with the reason, and says whether it is that the browser is not let in', async () => {
  const read = vi.fn().mockRejectedValue(new ApiError('unauthorized', 'A key is needed.', null, 401));
  connection.keep(read);
  await connection.start();
  expect([connection.phase, connection.problem, connection.isSignedOut]).toEqual(['failed', 'A key is needed.', true]);
  read.mockResolvedValue(undefined);
  await connection.reload();
  expect(connection.phase).toBe('ready');
});
