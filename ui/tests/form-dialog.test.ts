import { cleanup, render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import ConfirmDialog from '../src/screens/dialogs/ConfirmDialog.svelte';
import FormDialog from '../src/screens/dialogs/FormDialog.svelte';

const onclose = vi.fn();
const onsubmit = vi.fn();
const user = userEvent.setup({ pointerEventsCheck: 0 });
const props = { title: 'Delete 3 requests?', confirm: 'Delete requests', onclose, onsubmit };
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

it('does what its button says, and Cancel does not', async () => {
  render(FormDialog, props);
  await user.click(button('Delete requests'));
  expect(onsubmit).toHaveBeenCalledOnce();
  await user.click(button('Cancel'));
  expect(onclose).toHaveBeenCalledOnce();
  expect(onsubmit).toHaveBeenCalledOnce();
});

it('says why it was not done, and waits for an answer', () => {
  render(FormDialog, { ...props, problem: 'The disk is full.', isBusy: true });
  expect(screen.getByRole('alert').textContent).toContain('The disk is full.');
  expect(button('Delete requests').disabled).toBe(true);
});

it('with nothing to do has one button', () => {
  render(FormDialog, { ...props, confirm: null, dismiss: 'Close' });
  expect(screen.getAllByRole('button')).toEqual([button('Close')]);
});

it('asks with the safe choice in focus', () => {
  render(ConfirmDialog, props);
  expect(screen.getByRole('alertdialog', { name: 'Delete 3 requests?' })).toBeTruthy();
  expect(document.activeElement).toBe(button('Cancel'));
});
