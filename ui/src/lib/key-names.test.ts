import { expect, it } from 'vitest';
import { ariaNameOf, nameOf } from './key-names';

it.each([
  ['mod+k', 'Ctrl K', '⌘K', 'Control+K'],
  ['mod+shift+c', 'Ctrl Shift C', '⇧⌘C', 'Control+Shift+C'],
  ['mod+,', 'Ctrl ,', '⌘,', 'Control+,'],
  ['escape', 'Esc', '⎋', 'Escape'],
  ['?', '?', '?', '?'],
  ['down', '↓', '↓', 'down'],
])('%s', (keys, others, mac, aria) => {
  expect([nameOf(keys, false), nameOf(keys, true), ariaNameOf(keys, false)]).toEqual([others, mac, aria]);
});
