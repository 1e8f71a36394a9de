import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Client } from '$lib/api';
import { DIRECTORY, FakeDirectory } from '../../../tests/fake-directory';
import { Members } from './members.svelte';

let server: FakeDirectory;
let members: Members;

const settle = () => vi.advanceTimersByTimeAsync(300);
const named = (n: number) =>
  Array.from({ length: n }, (_, index) => ({ id: `u${index}`, kind: 'user' as const, name: `Person ${index}` }));

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeDirectory();
  server.members = named(5_000);
  members = new Members(new Client(server), DIRECTORY);
  members.open('g1', null);
  await settle();
});
afterEach(() => {
  members.stop();
  vi.useRealTimers();
});

it('are read in windows, each once, and few are held', async () => {
  expect([members.phase, members.total]).toEqual(['ready', 5_000]);
  members.showRange(4_790, 4_810);
  await settle();
  expect(members.rowAt(4_799)?.id).toBe('u4799');
  const asked = server.asked.length;
  members.showRange(4_791, 4_811);
  await settle();
  expect(server.asked).toHaveLength(asked);
  for (let page = 0; page < 24; page += 1) {
    members.showRange(page * 200, page * 200 + 10);
    await settle();
  }
  expect(members.rowAt(4_990)).toBeUndefined();
});

it('are searched once the person stops typing, and narrowed to those who are unknown', async () => {
  members.showRange(4_790, 4_810);
  await settle();
  const { generation } = members;
  members.setSearch('Person 49');
  members.setSearch('Person 4999');
  await settle();
  expect([members.total, members.generation]).toEqual([1, generation + 1]);
  expect(server.asked.at(-1)).toMatch(/search=Person%204999&onlyUnknown=false&offset=0/);
  members.setFilter('unknown');
  await settle();
  expect(server.asked.at(-1)).toContain('onlyUnknown=true');
});

it('follow what happens to the group, and not what happens elsewhere or happened then', async () => {
  server.createGroup('g1');
  server.members = named(7);
  members.apply(server.events());
  await settle();
  expect(members.total).toBe(7);
  const asked = server.asked.length;
  server.createUser('ada');
  members.apply(server.events());
  await settle();
  expect(server.asked).toHaveLength(asked);
  members.open('g1', 42);
  await settle();
  expect(server.asked.at(-1)).toContain('at=42');
  members.apply([{ type: 'resync' }]);
  await settle();
  expect(server.asked).toHaveLength(asked + 1);
});

it('of another group begin anew', async () => {
  members.setSearch('Person');
  members.setFilter('unknown');
  await settle();
  members.open('g2', null);
  expect([members.search, members.filter, members.phase]).toEqual(['', 'all', 'loading']);
  await settle();
  expect(server.asked.at(-1)).toContain('/groups/g2/members?search=&onlyUnknown=false');
});

it('say why they could not be read', async () => {
  server.failure = { status: 500, body: { code: 'internal', message: 'The disk is full.', field: null } };
  members.open('g2', null);
  await settle();
  expect([members.phase, members.problem]).toEqual(['failed', 'The disk is full.']);
  server.failure = null;
  await members.load();
  expect(members.phase).toBe('ready');
});
