import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError, type Guide, type GuideField, type GuideStep } from '$lib/api';
import { FakeServer } from './server';
import TokenDialogHost from './TokenDialogHost.svelte';

const TOKEN = 'scimsetup-7Yt2QmVx9LrKp4NdZ8wHb3JfSa6GcE1uTn5RG4tQabc';
const created = { token: TOKEN, lastFour: 'Qabc', createdAt: '2026-06-07T12:00:00.000Z' };

let server: FakeServer;
const onclose = vi.fn();
const user = userEvent.setup({ writeToClipboard: false, pointerEventsCheck: 0 });

beforeEach(() => {
  server = new FakeServer();
  onclose.mockClear();
});
afterEach(cleanup);

const show = (create = vi.fn(() => Promise.resolve(created))) => {
  render(TokenDialogHost, { server, create, onclose });
  return create;
};
const doneButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Done' });

it('makes one token and shows it once, in one place', async () => {
  const create = show();
  expect(await screen.findByText(TOKEN)).toBeTruthy();
  expect(screen.getByRole('dialog', { name: 'Copy this token now' })).toBeTruthy();
  expect(create).toHaveBeenCalledOnce();
  expect(document.body.innerHTML.split(TOKEN)).toHaveLength(2);
});

it('cannot be left before the token is copied, and then by Esc too', async () => {
  show();
  await screen.findByText(TOKEN);
  expect(doneButton().disabled).toBe(true);
  await user.keyboard('{Escape}');
  await user.click(document.body);
  expect(onclose).not.toHaveBeenCalled();

  await user.click(screen.getByRole('checkbox', { name: 'I have copied it' }));
  await user.keyboard('{Escape}');
  expect(onclose).toHaveBeenCalledOnce();
});

it('copying ticks the box, moves the focus to Done and lets go', async () => {
  show();
  await screen.findByText(TOKEN);
  await user.click(screen.getByRole('button', { name: 'Copy token' }));
  expect(server.copied).toEqual([TOKEN]);
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'I have copied it' }).checked).toBe(true);
  await waitFor(() => expect(document.activeElement).toBe(doneButton()));
  await user.click(doneButton());
  expect(onclose).toHaveBeenCalledOnce();
});

it('believes who copied it by hand', async () => {
  show();
  await screen.findByText(TOKEN);
  await user.click(screen.getByRole('checkbox', { name: 'I have copied it' }));
  expect(doneButton().disabled).toBe(false);
});

it('stays shut when the clipboard cannot be used', async () => {
  vi.spyOn(server, 'copyText').mockRejectedValue(new Error('denied'));
  show();
  await screen.findByText(TOKEN);
  await user.click(screen.getByRole('button', { name: 'Copy token' }));
  expect(await screen.findByRole('button', { name: 'Press Ctrl C' })).toBeTruthy();
  expect(doneButton().disabled).toBe(true);
});

it('says why there is no token, and tries again', async () => {
  const create = vi
    .fn(() => Promise.resolve(created))
    .mockRejectedValueOnce(new ApiError('internal', 'The disk is full.', null, 500));
  show(create);
  expect(await screen.findByText('The disk is full.')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText(TOKEN)).toBeTruthy();
});

it('says where the token goes, in the words of its provider', async () => {
  const step = (id: string, fields: GuideField[]): GuideStep => ({
    id,
    title: id,
    outcome: id,
    place: ['Provisioning', id],
    hint: '',
    notArriving: '',
    fields,
    expects: null,
    isOptional: false,
    state: { is: 'notYet' },
  });
  const guide: Guide = {
    track: 'entra',
    isChosen: true,
    isInForce: true,
    provider: 'Entra ID',
    docs: '',
    steps: [
      step('Elsewhere', []),
      step('Admin Credentials', [
        { name: 'Provisioning Mode', value: { kind: 'choice', value: 'Automatic' }, note: '' },
        { name: 'Tenant URL', value: { kind: 'baseUrl' }, note: '' },
        { name: 'Secret Token', value: { kind: 'token', value: 'added' }, note: '' },
      ]),
    ],
    current: null,
    seenApp: null,
    causes: [],
    remarks: [],
    lookAgainAt: null,
    readByAppAt: null,
  };
  server.answers.set('GET /api/directories/dir1/guide', { status: 200, body: guide });
  show();
  expect(await screen.findByText('Where it goes in Entra ID')).toBeTruthy();
  expect(screen.getByText('Provisioning → Admin Credentials')).toBeTruthy();
  expect([...document.querySelectorAll('dt')].map((name) => name.textContent)).toEqual([
    'Provisioning Mode',
    'Secret Token',
  ]);
  expect(screen.getByText('Paste only the token. Entra ID adds the word Bearer itself.')).toBeTruthy();
});
