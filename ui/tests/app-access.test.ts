import { describe, expect, it, vi } from 'vitest';
import { type ApiCall, Client } from '$lib/api';
import { AppAccess } from '$lib/state/app-access.svelte';
import { FakeServer } from './server';

function call(id: number, environmentId: string | null = 'local'): ApiCall {
  const at = '2026-06-07T12:03:11.482Z';
  const target = '/v1/scim/users';
  return {
    id,
    environmentId,
    apiKeyId: null,
    hasKey: true,
    at,
    method: 'GET',
    target,
    status: 200,
    durationMicros: 900,
    client: null,
    error: null,
  };
}

function access(...pages: { items: ApiCall[]; hasMore: boolean }[]) {
  const server = new FakeServer();
  const answer = () => ({ status: 200, body: pages.length > 1 ? pages.shift() : pages[0] });
  server.answers.set('GET /api/environments/local/api-keys', { status: 200, body: [] });
  Object.defineProperty(server.answers, 'get', {
    value: (key: string) => (key.includes('api-calls') ? answer() : Map.prototype.get.call(server.answers, key)),
  });
  return new AppAccess(new Client(server), 'local');
}

const ids = ({ calls }: AppAccess) => calls.map(({ id }) => id);

describe('what the app asked for', () => {
  it('is shown once each, the newest first, whatever arrives while it is read', async () => {
    const shown = access({ items: [call(2), call(1)], hasMore: false });
    const loading = shown.load();
    shown.apply([{ type: 'apiCall', call: call(3) }]);
    await loading;
    expect(ids(shown)).toEqual([3, 2, 1]);
    shown.apply([
      { type: 'apiCall', call: call(4, null) },
      { type: 'apiCall', call: call(5, 'another') },
      { type: 'apiCall', call: call(3) },
    ]);
    expect(ids(shown)).toEqual([4, 3, 2, 1]);
  });

  it('goes when somebody deletes it', async () => {
    const shown = access({ items: [call(2), call(1)], hasMore: true }, { items: [call(3)], hasMore: false });
    await shown.load();
    shown.apply([{ type: 'apiCallsDeleted' }]);
    expect(ids(shown)).toEqual([]);
    await vi.waitFor(() => expect(ids(shown)).toEqual([3]));
    expect(shown.hasMore).toBe(false);
  });

  it('does not come back with an answer from before it was deleted', async () => {
    const shown = access({ items: [call(2), call(1)], hasMore: false }, { items: [], hasMore: false });
    const loading = shown.load();
    shown.apply([{ type: 'apiCallsDeleted' }]);
    await loading;
    expect(ids(shown)).toEqual([]);
  });

  it('reads older ones once, however often it is asked', async () => {
    const shown = access({ items: [call(4), call(3)], hasMore: true }, { items: [call(2), call(1)], hasMore: false });
    await shown.load();
    await Promise.all([shown.more(), shown.more()]);
    expect(ids(shown)).toEqual([4, 3, 2, 1]);
    expect(shown.hasMore).toBe(false);
  });
});
