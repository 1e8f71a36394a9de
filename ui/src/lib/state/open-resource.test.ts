import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client, type UserDetail } from '$lib/api';
import { DIRECTORY, FakeDirectory } from '../../../tests/fake-directory';
import { OpenResource } from './open-resource.svelte';

let server: FakeDirectory;
let opened: OpenResource<UserDetail>;

const settle = () => vi.advanceTimersByTimeAsync(300);
const seqs = () => opened.history.entries.map(({ change }) => change.seq);

async function arrive(): Promise<void> {
  opened.apply(server.events());
  await settle();
}

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeDirectory();
  const client = new Client(server);
  opened = new OpenResource<UserDetail>(
    {
      read: (id) => client.readUser(DIRECTORY, id),
      readHistory: (id, before, limit) => client.readUserHistory(DIRECTORY, id, { before, limit }),
      readAt: (id, seq) => client.readUserAt(DIRECTORY, id, seq),
    },
    DIRECTORY,
  );
  server.createUser('ada');
  server.createUser('alan');
  server.events();
  void opened.open('ada');
  await settle();
});
afterEach(() => {
  opened.stop();
  vi.useRealTimers();
});

describe('an open resource', () => {
  it('is read again when it changes, and marks what changed', async () => {
    expect(opened.detail?.row.state).toBe('active');
    server.updateUser('ada', 'deactivated');
    server.updateUser('ada');
    await arrive();
    expect(opened.detail?.row.state).toBe('deactivated');
    expect(opened.marks.has('title')).toBe(true);
  });

  it('stays in sight when it is deleted, with the moment', async () => {
    server.deleteUser('ada');
    await arrive();
    expect(opened.detail?.row.state).toBe('deleted');
    expect(opened.detail?.row.lastChange?.at).toBe('2026-06-07T12:00:03.000Z');
  });

  it('is read again when it falls out of step, and not when another one does', async () => {
    server.setDrift('ada', true);
    await arrive();
    expect(opened.detail?.row.drift?.reason).toBe('The disk is full.');
    const asked = server.asked.length;
    server.setDrift('alan', true);
    await arrive();
    expect(server.asked).toHaveLength(asked);
  });

  it('says that nothing here ever had this id', async () => {
    void opened.open('nobody');
    await settle();
    expect(opened.isUnknown).toBe(true);
  });

  it('does not care about changes elsewhere, and reads again when a change may have moved it unnamed', async () => {
    const asked = server.asked.length;
    server.updateUser('alan');
    opened.apply(server.events());
    await settle();
    expect(server.asked).toHaveLength(asked);
    server.createGroup('Everyone');
    server.addMember('Everyone', 'alan');
    const event = server.events().find((one) => one.type === 'change' && one.change.kind === 'membersChanged');
    if (event?.type !== 'change' || event.change.members === null) throw new Error('there is such a change');
    opened.apply([{ ...event, change: { ...event.change, members: { ...event.change.members, addedCount: 101 } } }]);
    await settle();
    expect(server.asked).toHaveLength(asked + 1);
  });
});

describe('its history', () => {
  beforeEach(async () => {
    for (let index = 0; index < 120; index += 1) server.updateUser('ada');
    await arrive();
  });

  it('begins with the newest, and older entries come when asked for', async () => {
    expect([opened.history.entries.length, opened.history.total, opened.history.hasMore]).toEqual([50, 121, true]);
    await opened.history.more();
    expect(opened.history.entries).toHaveLength(100);
    await opened.history.more();
    expect([opened.history.entries.length, opened.history.hasMore]).toEqual([121, false]);
    expect(seqs()).toEqual([...seqs()].sort((a, b) => b - a));
    const asked = server.asked.length;
    await opened.history.more();
    expect(server.asked).toHaveLength(asked);
  });

  it('grows on top and keeps what was read', async () => {
    await opened.history.more();
    server.updateUser('ada');
    await arrive();
    expect(opened.history.entries).toHaveLength(101);
    expect(new Set(seqs()).size).toBe(101);
  });

  it('begins anew where too much has happened to join on, and with another resource', async () => {
    await opened.history.more();
    for (let index = 0; index < 60; index += 1) server.updateUser('ada');
    await arrive();
    expect(opened.history.entries).toHaveLength(50);
    void opened.open('alan');
    await settle();
    expect(opened.history.total).toBe(1);
  });

  it('says that there were earlier changes that are no longer kept', async () => {
    expect(opened.history.isCut).toBe(false);
    server.isHistoryCut = true;
    await opened.history.more();
    expect(opened.history.isCut).toBe(true);
    void opened.open('alan');
    server.isHistoryCut = false;
    await settle();
    expect(opened.history.isCut).toBe(false);
  });

  it('says why older entries could not be read', async () => {
    server.failure = { status: 500, body: { code: 'internal', message: 'The disk is full.', field: null } };
    await opened.history.more();
    expect(opened.history.problem).toBe('The disk is full.');
    expect(opened.history.isLoading).toBe(false);
  });
});

describe('a point of its history', () => {
  beforeEach(async () => {
    server.updateUser('ada');
    server.updateUser('ada');
    await arrive();
  });

  it('is looked at, walked from, and left', async () => {
    const [newest = 0, middle = 0, first = 0] = seqs();
    expect([opened.canStep(1), opened.canStep(-1)]).toEqual([true, false]);
    opened.showAt(middle);
    await settle();
    expect(opened.moment.then?.resource).toEqual({ id: 'ada', seq: middle });
    opened.step(1);
    await settle();
    expect(opened.moment.then?.seq).toBe(first);
    expect([opened.canStep(1), opened.canStep(-1)]).toEqual([false, true]);
    opened.step(-1);
    opened.step(-1);
    await settle();
    expect(opened.moment.seq).toBe(newest);
    opened.step(-1);
    expect(opened.moment.seq).toBeNull();
    expect(opened.moment.then).toBeNull();
  });

  it('from now leads to the newest version', async () => {
    opened.step(1);
    await settle();
    expect(opened.moment.seq).toBe(seqs()[0]);
  });

  it('stays when the resource changes, and is compared with what it is now', async () => {
    opened.showAt(seqs()[1] ?? 0);
    await settle();
    const asked = server.asked.filter((path) => path.includes('/at/')).length;
    server.updateUser('ada');
    await arrive();
    expect(server.asked.filter((path) => path.includes('/at/'))).toHaveLength(asked + 1);
    expect(opened.moment.seq).toBe(seqs()[2]);
  });

  it('is left when another resource is opened', async () => {
    opened.showAt(seqs()[1] ?? 0);
    void opened.open('alan');
    await settle();
    expect(opened.moment.seq).toBeNull();
  });

  it('says when it is not known', async () => {
    opened.showAt(9_999);
    await settle();
    expect(opened.moment.problem).toBe('There is no such resource.');
    opened.moment.close();
    expect(opened.moment.problem).toBeNull();
  });
});
