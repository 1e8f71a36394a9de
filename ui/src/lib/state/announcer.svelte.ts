import { untrack } from 'svelte';

/** The polite live region of the page: what was copied and other small successes that need no space on screen. */
export class Announcer {
  text = $state('');

  say(text: string): void {
    // The same text twice in a row would not be read again: a no-break space makes it new. Whoever says something from an effect says
    // it once, and not again because of what was said.
    this.text = untrack(() => this.text) === text ? `${text}\u00a0` : text;
  }
}
