import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '$lib/api';
import { CHUNK_SIZE, Exchanges, OpenExchange } from './exchanges.svelte';
import { DIRECTORY, FakeDirectory } from '../../../tests/fake-directory';
import { Chunks, MAX_CHUNKS } from './chunks';

let server: FakeDirectory;
let requests: Exchanges;

const ids = (n: number, from = 0) => Array.from({ length: n }, (_, index) => requests.rowAt(from + index)?.id);
const settle = () => vi.advanceTimersByTimeAsync(0);
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
async function arrive(): Promise<void> {
  requests.apply(server.events());
  await settle();
}
async function start(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) server.exchange();
  server.events();
  requests = new Exchanges(new Client(server), DIRECTORY);
  await requests.load();
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeDirectory();
});
afterEach(() => {
  requests.stop();
  vi.useRealTimers();
});

describe('the list of requests', () => {
  it('shows the newest first', async () => {
    await start(3);
    expect(ids(3)).toEqual([3, 2, 1]);
    expect(requests.indexOf(2)).toBe(1);
    expect(requests.hasMore).toBe(false);
  });

  it('puts arrivals on top without asking for them', async () => {
    await start(2);
    server.exchange();
    const asked = server.asked.length;
    requests.apply(server.events());
    expect(ids(3)).toEqual([3, 2, 1]);
    expect(requests.marks.get(3)).toBe('new');
    expect(server.asked.slice(asked)).toEqual([]);
  });

  it('names what in a search means nothing, and forgets it with the search', async () => {
    await start(2);
    server.failure = { status: 422, body: { code: 'invalid', message: 'Unknown filter “color:”.', field: 'search' } };
    requests.setSearch('color:red');
    await later(200);
    expect([requests.searchProblem, requests.problem, requests.total]).toEqual(['Unknown filter “color:”.', null, 0]);
    server.failure = null;
    requests.setSearch('');
    await later(200);
    expect([requests.searchProblem, requests.total]).toEqual([null, 2]);
  });

  it('goes on with a search that the server ended early, as long as it is the same', async () => {
    server.exchange({ text: 'Okta created ada' });
    await start(4);
    server.patience = 2;
    requests.setSearch('ada');
    await later(200);
    expect(requests.isSearching).toBe(false);
    expect(ids(1)).toEqual([1]);
    expect(server.asked.filter((path) => path.includes('search=ada'))).toHaveLength(3);
  });

  it('does not begin a search that goes on again with each arrival, and shows what arrived when it has ended', async () => {
    await start(6);
    server.patience = 2;
    server.isHolding = true;
    requests.setSearch('grace');
    await later(200);
    server.exchange({ text: 'Okta created grace' });
    requests.apply(server.events());
    server.release();
    await settle();
    requests.apply([{ type: 'exchange', exchange: { ...server.exchange(), id: 9 } }]);
    server.isHolding = false;
    server.release();
    await later(200);
    const windows = server.asked.filter((path) => path.includes('search=grace'));
    expect(windows.filter((path) => !path.includes('before='))).toHaveLength(2);
    expect(requests.isSearching).toBe(false);
    expect(ids(1)).toEqual([7]);
  });

  it('takes every request in once', async () => {
    await start(1);
    server.exchange();
    const events = server.events();
    requests.apply(events);
    requests.apply(events);
    requests.apply([...events, ...events]);
    expect(requests.total).toBe(2);
  });

  it('leaves out requests of other directories', async () => {
    await start(1);
    const row = server.exchange();
    server.events();
    requests.apply([{ type: 'exchange', exchange: { ...row, directoryId: null } }]);
    expect(requests.total).toBe(1);
  });

  it('is read again when its requests were deleted, even while it stands still', async () => {
    await start(2);
    requests.togglePause();
    server.exchanges = [];
    requests.apply([{ type: 'exchangesDeleted', directoryId: 'another' }]);
    await settle();
    expect(requests.total).toBe(2);
    requests.apply([{ type: 'exchangesDeleted', directoryId: DIRECTORY }]);
    await settle();
    expect(requests.total).toBe(0);
  });

  it('of no directory takes in what addresses none', async () => {
    const row = server.exchange();
    server.events();
    requests = new Exchanges(new Client(server), null);
    await requests.load();
    expect(server.asked[0]).toContain('/api/directories/unattributed/exchanges');
    requests.apply([{ type: 'exchange', exchange: { ...row, id: row.id + 1, directoryId: null } }]);
    expect(requests.total).toBe(2);
  });

  it('loses nothing that arrives while it is being read', async () => {
    await start(1);
    server.isHolding = true;
    requests.apply([{ type: 'resync' }]);
    await settle();
    server.exchange();
    requests.apply(server.events());
    server.isHolding = false;
    server.release();
    await settle();
    expect(ids(2)).toEqual([2, 1]);
  });

  it('loses nothing either when answers overtake each other', async () => {
    await start(1);
    server.isHolding = true;
    void requests.load();
    void requests.load();
    await settle();
    server.exchange();
    requests.apply(server.events());
    server.isHolding = false;
    server.release([1, 0]);
    await settle();
    expect(ids(2)).toEqual([2, 1]);
  });

  it('says why it could not be read', async () => {
    server.failure = { status: 500, body: { code: 'internal', message: 'The disk is full.', field: null } };
    requests = new Exchanges(new Client(server), DIRECTORY);
    await requests.load();
    expect([requests.phase, requests.problem]).toEqual(['failed', 'The disk is full.']);
    server.failure = null;
    await requests.load();
    expect([requests.phase, requests.problem]).toEqual(['ready', null]);
  });
});

describe('while the list stands still', () => {
  it('requests are counted, and put on top afterwards', async () => {
    await start(1);
    requests.hold(true);
    server.exchange();
    server.exchange();
    await arrive();
    expect([requests.total, requests.newCount]).toEqual([1, 2]);
    requests.hold(false);
    expect(ids(3)).toEqual([3, 2, 1]);
    expect(requests.newCount).toBe(0);
    expect(requests.marks.get(2)).toBe('new');
  });

  it('the same goes for a pause', async () => {
    await start(1);
    requests.togglePause();
    server.exchange();
    await arrive();
    expect([requests.total, requests.newCount]).toEqual([1, 1]);
    requests.togglePause();
    expect(requests.total).toBe(2);
  });

  it('an answer that comes when the person has begun to read waits', async () => {
    await start(2);
    server.isHolding = true;
    requests.apply([{ type: 'resync' }]);
    await settle();
    requests.hold(true);
    server.exchange();
    server.isHolding = false;
    server.release();
    await settle();
    expect(ids(2)).toEqual([2, 1]);
    requests.hold(false);
    await later(300);
    expect(ids(3)).toEqual([3, 2, 1]);
  });

  it('a long pause does not fill the memory: the list is read again', async () => {
    await start(1);
    requests.togglePause();
    for (let index = 0; index < 500; index += 1) server.exchange();
    await arrive();
    expect(requests.newCount).toBe(500);
    requests.togglePause();
    await later(300);
    expect(ids(2)).toEqual([501, 500]);
    expect(requests.total).toBe(CHUNK_SIZE);
    expect(requests.newCount).toBe(0);
    expect(requests.hasMore).toBe(true);
  });
});

describe('filters', () => {
  it('let pass what fits, of arrivals too', async () => {
    server.exchange({ status: 401 });
    await start(1);
    requests.setFilter('errors');
    await settle();
    expect(ids(1)).toEqual([1]);
    server.exchange();
    server.exchange({ status: 404 });
    await arrive();
    expect(ids(2)).toEqual([4, 1]);
    requests.setFilter('writes');
    await settle();
    expect(requests.total).toBe(0);
    server.exchange({ method: 'PATCH' });
    await arrive();
    expect(requests.total).toBe(1);
    requests.setFilter('notes');
    await settle();
    server.exchange({ notes: 1 });
    await arrive();
    expect(requests.total).toBe(1);
  });

  it('by words are the server’s: an arrival asks it', async () => {
    await start(1);
    requests.setSearch('created');
    await later(200);
    expect(requests.total).toBe(0);
    server.exchange({ text: 'Okta created Ada' });
    server.exchange();
    requests.apply(server.events());
    await later(300);
    expect(ids(1)).toEqual([2]);
    requests.clear();
    await settle();
    expect(requests.total).toBe(3);
  });
});

describe('a long list', () => {
  it('is read piece by piece, downwards from the last row', async () => {
    await start(250);
    expect([requests.total, requests.hasMore]).toEqual([100, true]);
    requests.showRange(90, 100);
    await settle();
    expect([requests.total, requests.hasMore]).toEqual([200, true]);
    requests.showRange(190, 200);
    await settle();
    expect([requests.total, requests.hasMore]).toEqual([250, false]);
    expect(ids(2, 248)).toEqual([2, 1]);
  });

  it('keeps a bounded number of rows and reads again what it let go of', async () => {
    await start((MAX_CHUNKS + 5) * CHUNK_SIZE);
    for (let read = 0; read < MAX_CHUNKS + 5; read += 1) {
      requests.showRange(requests.total - 5, requests.total);
      await settle();
    }
    expect(requests.total).toBe((MAX_CHUNKS + 5) * CHUNK_SIZE);
    expect(requests.rowAt(150)).toBeUndefined();
    requests.showRange(150, 160);
    await settle();
    expect(requests.rowAt(150)?.id).toBe((MAX_CHUNKS + 5) * CHUNK_SIZE - 150);
  });

  it('says nothing of an answer to an earlier question', async () => {
    await start(CHUNK_SIZE + 5);
    server.isHolding = true;
    server.failure = { status: 500, body: { code: 'internal', message: 'The disk is full.', field: null } };
    requests.showRange(CHUNK_SIZE - 1, CHUNK_SIZE - 1);
    await settle();
    [server.isHolding, server.failure] = [false, null];
    requests.setFilter('errors');
    await settle();
    server.release();
    await settle();
    expect([requests.total, requests.problem]).toEqual([0, null]);
  });

  it('shows at once what a person puts on a request, and asks where only the server knows whether it fits', async () => {
    await start(3);
    const marked = { ...(requests.rowAt(1) ?? server.exchange()), isPinned: true, annotation: 'Ask Ada' };
    const lists = () => server.asked.filter((path) => path.includes('/exchanges?')).length;
    const before = lists();
    requests.hold(true);
    requests.apply([{ type: 'exchangeMarked', exchange: marked }]);
    await settle();
    expect([ids(3), requests.rowAt(1), lists()]).toEqual([[3, 2, 1], marked, before]);
    requests.hold(false);
    requests.setFilter('pinned');
    await settle();
    requests.apply([{ type: 'exchangeMarked', exchange: { ...marked, isPinned: false } }]);
    await later(100);
    expect(lists()).toBe(before + 2);
  });

  it('cuts a first piece that has grown', () => {
    const row = (id: number) => ({ ...server.exchange(), id });
    let chunks = Chunks.of([row(1)]);
    for (let id = 2; id <= 450; id += 1) chunks = chunks.withOnTop([row(id)]);
    expect(chunks.length).toBe(450);
    expect([chunks.at(0)?.id, chunks.at(449)?.id, chunks.indexOf(1), chunks.indexOf(999)]).toEqual([450, 1, 449, -1]);
    requests = new Exchanges(new Client(server), DIRECTORY);
  });
});

describe('the open request', () => {
  it('is read; one that is no longer kept says so', async () => {
    await start(1);
    const opened = new OpenExchange(new Client(server));
    await opened.open(1);
    expect(opened.detail?.row.id).toBe(1);
    await opened.open(99);
    expect([opened.detail, opened.problem]).toEqual([null, 'There is no such resource.']);
    opened.close();
    expect(opened.id).toBeNull();
  });

  it('is read again when its story goes on, and when it was deleted', async () => {
    const first = server.exchange();
    first.story = 1;
    await start(0);
    const opened = new OpenExchange(new Client(server));
    await opened.open(1);
    const asked = () => server.asked.filter((path) => path === '/api/exchanges/1').length;
    expect(asked()).toBe(1);
    opened.apply([{ type: 'exchange', exchange: { ...first, id: 2, story: 2 } }]);
    await settle();
    expect(asked()).toBe(1);
    opened.apply([{ type: 'exchange', exchange: { ...first, id: 3, story: 1 } }]);
    await settle();
    expect(asked()).toBe(2);
    server.exchanges = [];
    opened.apply([{ type: 'exchangesDeleted', directoryId: DIRECTORY }]);
    await later(300);
    expect([opened.detail, opened.problem]).toEqual([null, 'There is no such resource.']);
    opened.stop();
  });
});
