import type { Component } from 'svelte';
import type { Keys } from '$lib/key-names';

/** A line of a menu. */
export type MenuItem =
  | 'separator'
  | {
      label: string;
      onselect: () => void;
      icon?: Component;
      /** What does the same. */
      keys?: Keys;
      isDanger?: boolean;
      /** Set on each of a group of which one is in force. */
      isChecked?: boolean;
    };

/** What was chosen in a menu. It runs once the menu is closed and has given the focus back: a dialog that it opens then keeps it. */
export class Chosen {
  #run: (() => void) | null = null;

  choose = (run: () => void): void => {
    this.#run = run;
  };

  runAfterClosing = (isOpen: boolean): void => {
    if (isOpen) return;
    this.#run?.();
    this.#run = null;
  };
}
