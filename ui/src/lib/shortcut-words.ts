import type { Keys } from './key-names';

// What the keys do, as the list of shortcuts says it. The same rules as in words.ts.

export const words = {
  title: 'Keyboard shortcuts',
  hint: 'Single-key shortcuts are off while you type.',
};

/** All shortcuts, in groups. */
export const groups: { title: string; shortcuts: { keys: Keys[]; text: string }[] }[] = [
  {
    title: 'Anywhere',
    shortcuts: [
      { keys: ['mod+k'], text: 'Search, jump, or do something' },
      { keys: ['alt+left', 'alt+right'], text: 'Back and forward' },
      { keys: ['mod+n'], text: 'New directory' },
      { keys: ['mod+,'], text: 'Settings' },
      { keys: ['escape'], text: 'Close the menu, the dialog, then the drawer; then clear the search' },
      { keys: ['?'], text: 'This list' },
      { keys: ['F1'], text: 'About and help' },
    ],
  },
  {
    title: 'In a directory',
    shortcuts: [
      { keys: ['mod+shift+c'], text: 'Copy the base URL' },
      { keys: ['[', ']'], text: 'Previous and next tab' },
      { keys: ['mod+1', 'mod+6'], text: 'First to sixth tab' },
      { keys: ['mod+enter'], text: 'Run, in the simulator' },
      { keys: ['n'], text: 'Next failure, in a run' },
    ],
  },
  {
    title: 'With a request open',
    shortcuts: [
      { keys: ['p'], text: 'Pin it, and unpin it' },
      { keys: ['e'], text: 'Write or edit your note' },
      { keys: ['c'], text: 'Mark it to compare; with another one open, compare the two' },
    ],
  },
  {
    title: 'In a list',
    shortcuts: [
      { keys: ['/'], text: 'Search' },
      { keys: ['down', 'up'], text: 'Next and previous row' },
      { keys: ['j', 'k'], text: 'The same, also beside an open drawer' },
      { keys: ['enter'], text: 'Open the row' },
      { keys: ['space'], text: 'Pause live updates, and resume them' },
      { keys: ['ctrl+space'], text: 'Select the user or group; Ctrl and a click do the same' },
      { keys: ['shift+down', 'shift+up'], text: 'Select a range; so does Shift and a click' },
      { keys: ['mod+a'], text: 'Select all that the list finds' },
    ],
  },
];
