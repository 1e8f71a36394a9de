import { SvelteSet } from 'svelte/reactivity';
import type { Component } from 'svelte';
import type { Keys } from '$lib/key-names';

/** Something that a menu or a button on screen does. */
interface Command {
  label: string;
  name?: string;
  onselect: () => void;
  icon?: Component;
  keys?: Keys;
  isChecked?: boolean;
}

/** What can be done with something that is on screen. */
interface Offered {
  about: () => string;
  items: () => ('separator' | Command)[];
}

/** Everything that menus and buttons on screen do: each of them says it here as long as it is there, and the palette reads it. */
export class Commands {
  readonly #offered = new SvelteSet<Offered>();

  offer = (offered: Offered): (() => void) => {
    this.#offered.add(offered);
    return () => this.#offered.delete(offered);
  };

  /** What can be done now, with what it is about; what is in force already is left out. */
  get all(): (Command & { about: string })[] {
    return [...this.#offered].flatMap(({ about, items }) =>
      items().flatMap((item) => (item === 'separator' || item.isChecked === true ? [] : { ...item, about: about() })),
    );
  }
}
