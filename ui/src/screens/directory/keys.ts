import type { AppState } from '$lib/state/app.svelte';

/** What the keys of a directory's tabs do; each answers whether there was anything to do. */
export interface ListActions {
  focusSearch: () => void;
  togglePause: () => void;
  /** Closes what is open, else clears the search. */
  escape: () => boolean;
  /** J and K. */
  move: (event: KeyboardEvent) => boolean;
}

/** The keys of a tab. Single keys rest while something is typed, and all of them while a dialog is open. */
export function listKeys(app: AppState, actions: ListActions): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || app.dialog !== null) return;
    if (handle(event, actions)) event.preventDefault();
  };
}

function handle(event: KeyboardEvent, actions: ListActions): boolean {
  if (event.key === 'Escape') return actions.escape();
  if (isTyping(event.target)) return false;
  if (event.key === '/') {
    actions.focusSearch();
    return true;
  }
  if (event.key === ' ' && !isPressable(event.target)) {
    actions.togglePause();
    return true;
  }
  return /^[jk]$/i.test(event.key) && actions.move(event);
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
