import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '$lib/api';
import { DIRECTORY, FakeDirectory } from '../../../tests/fake-directory';
import { Groups } from './groups.svelte';

let server: FakeDirectory;
let groups: Groups;

async function arrive(): Promise<void> {
  groups.apply(server.events());
  await vi.advanceTimersByTimeAsync(300);
}

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeDirectory();
  server.createUser('ada');
  server.createGroup('Marketing');
  server.events();
  groups = new Groups(new Client(server), DIRECTORY);
  await groups.load();
});
afterEach(() => {
  groups.stop();
  vi.useRealTimers();
});

describe('the list of groups', () => {
  it('shows a new group and its members as they come', async () => {
    server.createGroup('Engineering');
    await arrive();
    expect(groups.rowAt(0)).toMatchObject({ id: 'Engineering', members: 0 });
    expect(groups.marks.get('Engineering')).toBe('new');
    server.addMember('Engineering', 'ada');
    await arrive();
    expect(groups.rowAt(0)).toMatchObject({ id: 'Engineering', members: 1 });
    expect(groups.marks.get('Engineering')).toBe('changed');
  });

  it('does not care about changes of users, but about deleted ones', async () => {
    const asked = server.asked.length;
    server.updateUser('ada');
    await arrive();
    expect(server.asked).toHaveLength(asked);
    server.deleteUser('ada');
    await arrive();
    expect(server.asked).toHaveLength(asked + 1);
  });

  it('searches, and shows all again', async () => {
    groups.setSearch('Eng');
    await vi.advanceTimersByTimeAsync(200);
    expect(groups.total).toBe(0);
    expect(groups.isFiltered).toBe(true);
    groups.clear();
    await vi.advanceTimersByTimeAsync(0);
    expect(groups.total).toBe(1);
  });
});
