import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '$lib/api';
import { DIRECTORY, FakeDirectory } from '../../../tests/fake-directory';
import { FEED_MS, Feed } from './feed.svelte';
import { KnownRequests } from './known-requests';

let server: FakeDirectory;
let feed: Feed;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeDirectory();
  feed = new Feed(new Client(server), DIRECTORY);
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

const arrive = () => feed.apply(server.events());
const text = () => feed.line?.sentence.text;

describe('the line under the lists', () => {
  it('starts with the newest request', async () => {
    server.exchange({ text: 'Okta tested the connection' });
    await feed.load();
    expect(text()).toBe('Okta tested the connection');
  });

  it('says a single event in its own words, with the request', () => {
    server.createUser('ada');
    arrive();
    expect(text()).toBe('Okta created ada');
    expect(feed.line?.exchange?.status).toBe(201);
  });

  it('speaks at most every two seconds, of several events in one sentence', () => {
    server.createUser('ada');
    arrive();
    for (const id of ['b', 'c', 'd', 'e', 'f']) server.createUser(id);
    arrive();
    expect(text()).toBe('Okta created ada');
    vi.advanceTimersByTime(FEED_MS);
    expect(text()).toBe('Okta created 5 users');
    expect(feed.line?.exchange).toBeNull();
    vi.advanceTimersByTime(FEED_MS);
    expect(text()).toBe('Okta created 5 users');
  });

  it('puts a refusal first, and a write before a read', () => {
    server.exchange({ method: 'PUT', text: 'Okta updated ada' });
    server.exchange({ text: 'Okta read ada' });
    arrive();
    expect(text()).toBe('Okta updated ada');
    server.exchange({ status: 401, text: 'Rejected' });
    server.exchange({ method: 'PUT', text: 'Okta updated ada' });
    arrive();
    vi.advanceTimersByTime(FEED_MS);
    expect(text()).toBe('Rejected');
    expect(feed.line?.isError).toBe(true);
  });
});

describe('the request behind a change', () => {
  it('is asked for once, and again when it was not recorded yet', async () => {
    const known = new KnownRequests(new Client(server));
    const asked = known.row(1);
    await vi.advanceTimersByTimeAsync(0);
    server.exchange({ text: 'Okta created ada' });
    await vi.advanceTimersByTimeAsync(300);
    expect((await asked)?.summary.text).toBe('Okta created ada');
    expect(known.row(1)).toBe(asked);
    expect(server.asked).toHaveLength(2);
  });

  it('is null when it is no longer kept', async () => {
    const known = new KnownRequests(new Client(server));
    const asked = known.row(7);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await asked).toBeNull();
  });
});
