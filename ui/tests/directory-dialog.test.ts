import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PolicyPreset, PolicySwitch } from '$lib/api';
import DirectoryDialogHost from './DirectoryDialogHost.svelte';
import { FakeServer, directory } from './server';

const URN = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
const presets: PolicyPreset[] = [
  { preset: 'tolerant', label: 'Tolerant', hint: 'Notes it.', policy: { mode: 'tolerant' } },
  { preset: 'strictRfc', label: 'Strict RFC', hint: 'Refuses it.', policy: { mode: 'strict' } },
];
const switches: PolicySwitch[] = [
  {
    key: 'deletion',
    label: 'Deleted user',
    choices: [
      { value: 'hard', label: 'Delete for good' },
      { value: 'soft', label: 'Hide; POST restores it' },
    ],
    tolerant: 'hard',
    strict: 'hard',
  },
];

let server: FakeServer;
const onclose = vi.fn();
const user = userEvent.setup({ pointerEventsCheck: 0 });

beforeEach(() => {
  server = new FakeServer();
  server.answers.set('GET /api/policy-presets', { status: 200, body: presets });
  server.answers.set('GET /api/policy-switches', { status: 200, body: switches });
  server.answers.set('PATCH /api/directories/dir1', { status: 200, body: directory });
  onclose.mockClear();
  render(DirectoryDialogHost, { server, directory, onclose });
});
afterEach(cleanup);

const preset = async () => screen.findByRole<HTMLSelectElement>('combobox', { name: 'Preset' });
const press = (name: string | RegExp) => user.click(screen.getByRole('button', { name }));
const sent = () => server.asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body);

it('a preset replaces the policy, and a switch makes it Custom', async () => {
  await waitFor(async () => expect((await preset()).value).toBe('tolerant'));
  await user.selectOptions(await preset(), 'strictRfc');
  expect((await preset()).selectedOptions[0]?.textContent).toBe('Strict RFC');
  await press(/Individual rules/);
  const deletion = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Deleted user' });
  expect(deletion.selectedOptions[0]?.textContent).toBe('Default: Delete for good');
  await user.selectOptions(deletion, 'soft');
  await waitFor(async () => expect((await preset()).value).toBe('custom'));
  await press('Save');
  expect(sent()).toEqual([{ name: 'Okta', policy: { mode: 'strict', deletion: 'soft' } }]);
  await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
});

it('sends what changed, and nothing else', async () => {
  await preset();
  await press('Save');
  expect(sent()).toEqual([{ name: 'Okta' }]);
});

it('saves an extension that was typed but not added, and shows what the server has against it', async () => {
  const message = 'The id "badge" is not a URN.';
  server.answers.set('PATCH /api/directories/dir1', {
    status: 422,
    body: { code: 'invalid', message, field: 'schemas' },
  });
  await press('Declare an extension');
  await user.type(screen.getByRole('textbox', { name: 'URN' }), URN);
  await user.type(screen.getByRole('textbox', { name: 'Attributes' }), 'badgeNumber');
  await press('Save');
  expect(screen.getByRole('alert').textContent).toContain('Line 1, “badgeNumber”');
  expect(sent()).toEqual([]);

  await user.type(screen.getByRole('textbox', { name: 'Attributes' }), ' string');
  await press('Save');
  expect(sent()).toMatchObject([{ schemas: [{ resourceKind: 'user', schema: { id: URN, name: 'BadgeUser' } }] }]);
  const section = screen.getByRole('region', { name: 'Extension schemas' });
  await waitFor(() => expect(section.textContent).toContain(message));
  expect(onclose).not.toHaveBeenCalled();
  await press(`Edit ${URN}`);
  expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Attributes' }).value).toBe('badgeNumber string');
});
