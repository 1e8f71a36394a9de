import type { AppState } from '$lib/state/app.svelte';

/** The parts of a tab that its keys work on. */
export interface ListTab {
  list: { search: string; setSearch: (text: string) => void; togglePause: () => void };
  opened: { id: unknown };
  bar: () => { focusSearch: () => void } | null;
  rows: () => { handleKey: (event: KeyboardEvent) => boolean } | null;
  /** Closes what is open. */
  close: () => void;
}

/** The keys of a tab. Single keys rest while something is typed, and all of them while a dialog is open. */
export function listKeys(app: AppState, tab: ListTab): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || app.dialog !== null) return;
    if (handle(event, tab)) event.preventDefault();
  };
}

/** Answers whether there was anything to do. */
function handle(event: KeyboardEvent, { list, opened, bar, rows, close }: ListTab): boolean {
  if (event.key === 'Escape') {
    if (opened.id !== null) close();
    else if (list.search !== '') list.setSearch('');
    else return false;
    return true;
  }
  if (isTyping(event.target)) return false;
  if (event.key === '/') {
    bar()?.focusSearch();
    return true;
  }
  if (event.key === ' ' && !isPressable(event.target)) {
    list.togglePause();
    return true;
  }
  return /^[jk]$/i.test(event.key) && (rows()?.handleKey(event) ?? false);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Space presses what has the focus. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary, [role="menuitem"]') !== null;
}
