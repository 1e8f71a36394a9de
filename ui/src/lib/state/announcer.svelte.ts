/** The polite live region of the page: what was copied and other small successes that need no space on screen. */
export class Announcer {
  text = $state('');

  say(text: string): void {
    // The same text twice in a row would not be read again: a no-break space makes it new.
    this.text = this.text === text ? `${text}\u00a0` : text;
  }
}
