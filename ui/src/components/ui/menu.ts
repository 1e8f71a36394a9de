import { type Component, createContext, onMount } from 'svelte';
import type { Keys } from '$lib/key-names';

/** Something that a menu or a button does. */
export interface Command {
  label: string;
  /** What it is called where nobody sees the menu: `Delete directory…`. */
  name?: string;
  onselect: () => void;
  icon?: Component;
  /** What does the same. */
  keys?: Keys;
  isDanger?: boolean;
  /** Set on each of a group of which one is in force. */
  isChecked?: boolean;
}

/** A line of a menu. */
export type MenuItem = 'separator' | Command;

/** Takes in what can be done with `about` as long as it is on screen; the returned function takes it back. */
export type Offer = (offered: { about: () => string; items: () => MenuItem[] }) => () => void;

/** Where what can be done is offered elsewhere, too: App.svelte sets it. */
const [getOffer, setOffer] = createContext<Offer>();
export { setOffer };

/** Offers what can be done with what a component shows, as long as it is there; to be called while it is made. */
export function offer(about: () => string, items: () => MenuItem[]): void {
  const take = getOffer();
  onMount(() => take({ about, items }));
}

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
