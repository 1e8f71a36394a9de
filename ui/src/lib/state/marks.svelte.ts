import { SvelteMap } from 'svelte/reactivity';

/** How long something counts as just arrived: as long as its highlight takes to fade. */
export const MARK_MS = 1_500;

/** More at once are not marked one by one: hundreds of fading rows say less than one sentence. */
export const MANY = 20;

export type Mark = 'new' | 'changed';

/** What arrived or changed a moment ago; each mark goes away by itself. */
export class Marks<Key> {
  readonly #marks = new SvelteMap<Key, Mark>();
  readonly #timers = new Map<Key, ReturnType<typeof setTimeout>>();

  get(key: Key): Mark | undefined {
    return this.#marks.get(key);
  }

  has(key: Key): boolean {
    return this.#marks.has(key);
  }

  /** Marks all of `marks`, or none when there are too many. */
  add(marks: ReadonlyMap<Key, Mark>): void {
    if (marks.size > MANY) return;
    for (const [key, mark] of marks) {
      clearTimeout(this.#timers.get(key));
      this.#marks.set(key, mark);
      this.#timers.set(
        key,
        setTimeout(() => this.#remove(key), MARK_MS),
      );
    }
  }

  clear(): void {
    for (const key of [...this.#timers.keys()]) this.#remove(key);
  }

  #remove(key: Key): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#marks.delete(key);
  }
}
