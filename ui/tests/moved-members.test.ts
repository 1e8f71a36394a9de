import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import type { Change, MembersChange, ResourceRef } from '$lib/api';
import { AppState } from '$lib/state/app.svelte';
import MovedMembersHost from './MovedMembersHost.svelte';
import { FakeServer } from './server';

afterEach(cleanup);

it('names each of them once, however often more is asked for', async () => {
  const named = ['Ada', 'Alan', 'Grace'].map((name): ResourceRef => ({ kind: 'user', id: name, name }));
  const other: ResourceRef = { kind: 'user', id: 'Edsger', name: 'Edsger' };
  const members: MembersChange = { added: named, addedCount: 4, removed: [], removedCount: 0 };
  const change = { directoryId: 'dir1', resourceId: 'g1', seq: 7, members } as unknown as Change;
  const server = new FakeServer();
  server.answers.set('GET /api/directories/dir1/groups/g1/moved/7?way=came&offset=3&limit=200', {
    status: 200,
    body: { total: 4, items: [other] },
  });
  render(MovedMembersHost, { app: new AppState(server), change, members });
  const more = screen.getByRole('button', { name: 'and 1 more' });
  more.click();
  // Before the answer is there.
  more.click();
  expect(await screen.findAllByText('Edsger')).toHaveLength(1);
  expect(screen.queryByRole('button')).toBeNull();
});
