import { tick } from 'svelte';

/** Moves the focus to what has just been opened: the drawer if there is one, else the page. */
export async function focusPage(): Promise<void> {
  // One for the page, one for what it opens by itself.
  await tick();
  await tick();
  const page = document.getElementById('main');
  (page?.querySelector<HTMLElement>('[data-drawer]') ?? page)?.focus({ preventScroll: true });
}
