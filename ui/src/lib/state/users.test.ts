import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '$lib/api';
import { DIRECTORY, FakeDirectory } from '../../../tests/fake-directory';
import { MARK_MS } from './marks.svelte';
import { Users } from './users.svelte';

let server: FakeDirectory;
let users: Users;

const ids = (n = 5) => Array.from({ length: n }, (_, index) => users.rowAt(index)?.id);
const settle = () => vi.advanceTimersByTimeAsync(0);
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** Passes on what happened, as the live stream would. */
async function arrive(): Promise<void> {
  users.apply(server.events());
  await settle();
}

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeDirectory();
  ['ada', 'grace', 'alan'].forEach((id) => server.createUser(id));
  server.events();
  users = new Users(new Client(server), DIRECTORY);
  await users.load();
});
afterEach(() => {
  users.stop();
  vi.useRealTimers();
});

describe('the list of users', () => {
  it('is read, newest change first', () => {
    expect(users.phase).toBe('ready');
    expect(users.total).toBe(3);
    expect(ids(3)).toEqual(['alan', 'grace', 'ada']);
    expect(users.indexOf('ada')).toBe(2);
    expect(users.indexOf('nobody')).toBe(-1);
  });

  it('says why it could not be read, and can be read again', async () => {
    users = new Users(new Client(server), DIRECTORY);
    server.failure = { status: 500, body: { code: 'internal', message: 'The disk is full.', field: null } };
    await users.load();
    expect(users.phase).toBe('failed');
    expect(users.problem).toBe('The disk is full.');
    server.failure = null;
    await users.load();
    expect(users.phase).toBe('ready');
    expect(users.problem).toBeNull();
  });

  it('keeps what it shows when a refresh fails, and catches up with the next event', async () => {
    server.failure = { status: 500, body: { code: 'internal', message: 'The disk is full.', field: null } };
    server.createUser('joan');
    await arrive();
    expect(users.phase).toBe('ready');
    expect(users.problem).toBe('The disk is full.');
    expect(ids(3)).toEqual(['alan', 'grace', 'ada']);
    server.failure = null;
    server.updateUser('ada');
    users.apply(server.events());
    await later(300);
    expect(users.problem).toBeNull();
    expect(ids(4)).toEqual(['ada', 'joan', 'alan', 'grace']);
  });
});

describe('while the person watches', () => {
  it('an arrival stands on top at once, marked for a moment', async () => {
    server.createUser('joan');
    await arrive();
    expect(ids(4)).toEqual(['joan', 'alan', 'grace', 'ada']);
    expect(users.total).toBe(4);
    expect(users.marks.get('joan')).toBe('new');
    await later(MARK_MS);
    expect(users.marks.get('joan')).toBeUndefined();
  });

  it('a change moves its row to the top and marks it', async () => {
    server.updateUser('ada', 'deactivated');
    await arrive();
    expect(ids(3)).toEqual(['ada', 'alan', 'grace']);
    expect(users.rowAt(0)?.state).toBe('deactivated');
    expect(users.marks.get('ada')).toBe('changed');
  });

  it('a deleted user goes', async () => {
    server.deleteUser('grace');
    await arrive();
    expect(ids(2)).toEqual(['alan', 'ada']);
    expect(users.total).toBe(2);
  });

  it('a new member has one group more', async () => {
    server.createGroup('Engineering');
    server.addMember('Engineering', 'ada');
    await arrive();
    expect(users.rowAt(2)).toMatchObject({ id: 'ada', groups: 1 });
  });

  it('events of other directories and repeated events change nothing', async () => {
    server.createUser('joan');
    const events = server.events();
    users.apply(events);
    await later(300);
    const asked = server.asked.length;
    users.apply(events);
    users.apply(
      events.map((event) =>
        event.type === 'change' ? { ...event, change: { ...event.change, seq: 999, directoryId: 'dir2' } } : event,
      ),
    );
    await later(300);
    expect(server.asked).toHaveLength(asked);
  });

  it('a burst is read a few times, not once per event, and marks no single row', async () => {
    const asked = server.asked.length;
    for (let index = 0; index < 312; index += 1) {
      server.createUser(`u${index}`);
      users.apply(server.events());
    }
    await later(600);
    expect(users.total).toBe(315);
    expect(server.asked.length - asked).toBeLessThanOrEqual(3);
    expect(users.marks.has('u311')).toBe(false);
  });

  it('a resync reads the list again, and later numbers count from anew', async () => {
    server.createUser('joan');
    server.events();
    users.apply([{ type: 'resync' }]);
    await settle();
    expect(ids(1)).toEqual(['joan']);
  });

  it('an answer that was overtaken does not bring the past back', async () => {
    server.isHolding = true;
    server.createUser('joan');
    users.apply(server.events());
    const reload = users.load();
    server.isHolding = false;
    server.release([1, 0]);
    await reload;
    await settle();
    expect(users.total).toBe(4);
  });
});

describe('while the person reads', () => {
  beforeEach(() => users.hold(true));

  it('arrivals are counted and nothing moves', async () => {
    server.createUser('joan');
    server.createUser('kurt');
    await arrive();
    expect(users.newCount).toBe(2);
    expect(ids(3)).toEqual(['alan', 'grace', 'ada']);
    expect(users.total).toBe(3);
  });

  it('a row that changes is replaced in its place', async () => {
    server.updateUser('ada', 'deactivated');
    await arrive();
    expect(ids(3)).toEqual(['alan', 'grace', 'ada']);
    expect(users.rowAt(2)?.state).toBe('deactivated');
    expect(users.marks.get('ada')).toBe('changed');
    expect(users.changedCount).toBe(1);
  });

  it('a deleted row stays in sight, marked as deleted', async () => {
    server.deleteUser('grace');
    await arrive();
    expect(ids(3)).toEqual(['alan', 'grace', 'ada']);
    expect(users.deleted.has('grace')).toBe(true);
  });

  it('everything is played in afterwards', async () => {
    server.createUser('joan');
    server.updateUser('ada');
    server.deleteUser('grace');
    await arrive();
    users.hold(false);
    await settle();
    expect(ids(3)).toEqual(['ada', 'joan', 'alan']);
    expect(users.marks.get('joan')).toBe('new');
    expect(users.deleted.size).toBe(0);
    expect([users.newCount, users.changedCount]).toEqual([0, 0]);
  });

  it('an arrival that is deleted again is no news', async () => {
    server.createUser('joan');
    server.deleteUser('joan');
    await arrive();
    expect(users.newCount).toBe(0);
  });

  it('an answer that comes when the person has begun to read waits', async () => {
    users.hold(false);
    server.isHolding = true;
    server.createUser('joan');
    users.apply(server.events());
    users.hold(true);
    server.isHolding = false;
    server.release();
    await settle();
    expect(ids(3)).toEqual(['alan', 'grace', 'ada']);
    expect(users.newCount).toBe(1);
    users.hold(false);
    await later(300);
    expect(ids(1)).toEqual(['joan']);
  });
});

describe('while paused', () => {
  beforeEach(() => users.togglePause());

  it('nothing is asked and everything is counted', async () => {
    const asked = server.asked.length;
    server.createUser('joan');
    server.updateUser('ada');
    await arrive();
    expect(server.asked).toHaveLength(asked);
    expect([users.newCount, users.changedCount]).toEqual([1, 1]);
  });

  it('going on plays arrivals in', async () => {
    server.createUser('joan');
    await arrive();
    users.togglePause();
    await settle();
    expect(ids(1)).toEqual(['joan']);
    expect(users.marks.get('joan')).toBe('new');
    expect(users.newCount).toBe(0);
  });

  it('another question is answered all the same', async () => {
    users.setFilter('deactivated');
    await settle();
    expect(users.total).toBe(0);
  });
});

describe('searching, filtering and sorting', () => {
  it('ask the server once the person stops typing', async () => {
    const asked = server.asked.length;
    users.setSearch('a');
    users.setSearch('ad');
    await later(119);
    expect(server.asked).toHaveLength(asked);
    await later(1);
    expect(ids(1)).toEqual(['ada']);
    expect(server.asked.at(-1)).toContain('search=ad&');
  });

  it('keep the search when the filter changes, and clear both together', async () => {
    users.setSearch('a');
    await later(200);
    users.setFilter('deactivated');
    await settle();
    expect(server.asked.at(-1)).toMatch(/search=a&status=deactivated/);
    expect(users.isFiltered).toBe(true);
    users.clear();
    await settle();
    expect(users.total).toBe(3);
  });

  it('sort by name, and once more the other way round', async () => {
    users.sortBy('name');
    await settle();
    expect(server.asked.at(-1)).toContain('sort=name&order=asc');
    users.sortBy('name');
    await settle();
    expect(server.asked.at(-1)).toContain('sort=name&order=desc');
    users.sortBy('modified');
    await settle();
    expect(server.asked.at(-1)).toContain('sort=modified&order=desc');
  });

  it('start at the top', () => {
    const { generation } = users;
    users.setFilter('active');
    expect(users.generation).toBe(generation + 1);
  });

  it('cannot tell whether an arrival belongs to them, so it counts as a change', async () => {
    users.setFilter('deactivated');
    await settle();
    users.hold(true);
    server.createUser('joan');
    await arrive();
    expect([users.newCount, users.changedCount]).toEqual([0, 1]);
  });

  it('leave out the answer to a question that is no longer asked', async () => {
    server.isHolding = true;
    users.setFilter('deactivated');
    users.setFilter('all');
    server.isHolding = false;
    server.release([1, 0]);
    await settle();
    expect(users.total).toBe(3);
  });
});

describe('a long list', () => {
  const PAGES = 25;

  beforeEach(async () => {
    server.users = [];
    for (let index = PAGES * 200 - 1; index >= 0; index -= 1) server.createUser(`u${index}`);
    server.events();
    await users.load();
  });

  it('is held in pages, the longest unseen of which go', async () => {
    expect(users.total).toBe(5_000);
    for (let page = 0; page < PAGES; page += 1) {
      users.showRange(page * 200, page * 200 + 10);
      await settle();
      expect(users.rowAt(page * 200)?.id).toBe(`u${page * 200}`);
    }
    expect(users.rowAt(0)).toBeUndefined();
    expect(users.rowAt(4_999)?.id).toBe('u4999');
    users.showRange(0, 10);
    await settle();
    expect(users.rowAt(0)?.id).toBe('u0');
  });

  it('asks for a page once, however often it is in sight', async () => {
    const asked = server.asked.length;
    users.showRange(190, 210);
    users.showRange(195, 215);
    await settle();
    users.showRange(200, 220);
    await settle();
    expect(server.asked).toHaveLength(asked + 1);
  });

  it('goes on where it was when rows have arrived or moved above meanwhile', async () => {
    users.hold(true);
    server.createUser('new1');
    server.createUser('new2');
    server.updateUser('u10');
    server.updateUser('u900');
    server.deleteUser('u20');
    await arrive();
    users.showRange(400, 420);
    await settle();
    expect(users.rowAt(400)?.id).toBe('u400');
    expect(users.total).toBe(5_000);
  });

  it('goes on where it was while the answer to what has arrived is on its way', async () => {
    server.isHolding = true;
    server.createUser('new1');
    server.createUser('new2');
    server.updateUser('u900');
    server.deleteUser('u20');
    users.apply(server.events());
    users.hold(true);
    server.createUser('new3');
    server.deleteUser('new1');
    users.apply(server.events());
    users.showRange(400, 420);
    server.isHolding = false;
    server.release();
    await settle();
    expect(users.rowAt(400)?.id).toBe('u400');
    expect(users.total).toBe(5_000);
  });

  it('reads again only what is in sight when it moves on', async () => {
    users.showRange(0, 10);
    users.showRange(390, 410);
    await settle();
    const asked = server.asked.length;
    server.createUser('new1');
    await arrive();
    expect(server.asked.slice(asked).map((path) => /offset=(\d+)/.exec(path)?.[1])).toEqual(['200', '400']);
    expect(users.rowAt(391)?.id).toBe('u390');
  });
});
