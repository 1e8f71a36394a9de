// How keys are called and recognized: ⌘ on a Mac, Ctrl elsewhere.

/** A key combination: `mod+shift+c`, `?`, `mod+,`. `mod` is the command key of the system. */
export type Keys = string;

const MAC: Record<string, string> = { mod: '⌘', alt: '⌥', shift: '⇧', enter: '↩', escape: '⎋' };
const OTHERS: Record<string, string> = { mod: 'Ctrl', alt: 'Alt', shift: 'Shift', enter: 'Enter', escape: 'Esc' };
const BOTH: Record<string, string> = { up: '↑', down: '↓', left: '←', right: '→', space: 'Space', tab: 'Tab' };

export const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** What browsers keep for themselves, or their tabs have: it is not offered in one. */
const OF_BROWSERS: Keys[] = ['mod+n', 'mod+1', 'mod+6'];

/** Whether a combination works where this page is: in the product's own window all do. */
export function isOffered(keys: Keys, isWindow: boolean): boolean {
  return isWindow || !OF_BROWSERS.includes(keys);
}

/** How a combination is written: `Ctrl Shift C`, on a Mac `⇧⌘C`. */
export function nameOf(keys: Keys, onMac = isMac): string {
  const names = (onMac ? MAC : OTHERS) as Record<string, string | undefined>;
  const parts = keys.split('+').map((key) => names[key] ?? BOTH[key] ?? (key.length === 1 ? key.toUpperCase() : key));
  if (!onMac) return parts.join(' ');
  // On a Mac the command key stands right before the key, and nothing between them.
  const rank = (part: string) => (part === MAC['shift'] ? 0 : part === MAC['mod'] ? 1 : 2);
  return parts.sort((a, b) => rank(a) - rank(b)).join('');
}

/** For `aria-keyshortcuts`: `Control+Shift+C`, on a Mac `Meta+Shift+C`. */
export function ariaNameOf(keys: Keys, onMac = isMac): string {
  const names: Record<string, string> = {
    mod: onMac ? 'Meta' : 'Control',
    shift: 'Shift',
    escape: 'Escape',
    enter: 'Enter',
  };
  return keys
    .split('+')
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join('+');
}

/** Whether what is pressed there is text, not a command. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
