import { expect, it, vi } from 'vitest';
import { Client, type Delivery, type DeliveryState } from '$lib/api';
import { DeliveryLog } from '$lib/state/webhooks.svelte';
import { FakeServer } from './server';

function delivery(id: number, state: DeliveryState = 'delivered', webhookId = 'wh_1', attempts = 1): Delivery {
  const at = '2026-06-07T12:03:11.482Z';
  return {
    id,
    webhookId,
    eventId: `${id}-0`,
    type: 'user.created',
    at,
    resource: null,
    directoryId: null,
    state,
    attempts,
    attemptedAt: at,
    nextTryAt: null,
    status: 200,
    durationMicros: 900,
    error: null,
  };
}

const told = (told: Delivery) => ({ type: 'delivery' as const, environmentId: 'local', delivery: told });

it('a log shows each delivery once, as it is now, the newest first', async () => {
  const server = new FakeServer();
  server.answers.set('GET /api/webhooks/wh_1/deliveries?limit=50', {
    status: 200,
    body: { items: [delivery(2), delivery(1, 'waiting')], hasMore: false },
  });
  const log = new DeliveryLog(new Client(server), 'wh_1');
  await log.load();
  log.apply([told(delivery(1, 'waiting')), told(delivery(3)), told(delivery(4, 'failed', 'wh_2')), told(delivery(1))]);
  const shown = () => log.deliveries.map(({ id, state }) => `${id} ${state}`);
  expect(shown()).toEqual(['3 delivered', '2 delivered', '1 delivered']);
  // What is told while a page is read is newer than the page.
  const reading = log.load();
  log.apply([told(delivery(1, 'failed', 'wh_1', 2))]);
  await reading;
  expect(shown()).toEqual(['2 delivered', '1 failed']);
});

it('a log that is read again shows what is there, and older ones as long as there are some', async () => {
  const server = new FakeServer();
  const page = (items: Delivery[], hasMore: boolean) => ({ status: 200, body: { items, hasMore } });
  const path = 'GET /api/webhooks/wh_1/deliveries?limit=50';
  const log = new DeliveryLog(new Client(server), 'wh_1');
  const ids = () => log.deliveries.map(({ id }) => id);
  const all = Array.from({ length: 150 }, (_, index) => delivery(150 - index));
  server.answers.set(path, page(all.slice(0, 50), true));
  await log.load();
  for (const [before, from, hasMore] of [
    [101, 50, true],
    [51, 100, false],
  ] as const) {
    server.answers.set(`${path}&before=${before}`, page(all.slice(from, from + 50), hasMore));
    await log.more();
    expect(log.hasMore).toBe(hasMore);
  }
  expect(ids()).toEqual(all.map(({ id }) => id));

  // A directory went, and with it all but two.
  server.answers.set(path, page([delivery(150), delivery(3)], false));
  log.apply([{ type: 'tree' }]);
  await vi.waitFor(() => expect(ids()).toEqual([150, 3]));
});
