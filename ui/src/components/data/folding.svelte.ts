import { SvelteSet } from 'svelte/reactivity';
import { words } from '$lib/request-words';
import { foldsOf, linesInSight } from './fold';
import type { Line } from './json';

/** Which blocks of a JSON text are folded, and the block where the keyboard is. */
export class Folding {
  /** The first lines of the blocks that are folded. */
  readonly folded = new SvelteSet<number>();
  /** The line that the block begins with. */
  current = $state(0);
  /** What has just been folded, for screen readers. */
  spoken = $state('');

  readonly folds = $derived(foldsOf(this.lines()));
  readonly seen = $derived(linesInSight(this.lines().length, this.folds, this.folded));
  /** The blocks in sight, in order. */
  readonly #starts = $derived(this.seen.filter((index) => this.folds.has(index)));

  constructor(
    private readonly lines: () => Line[],
    /** Called with the line that the keyboard has gone to. */
    private readonly onmove: (line: number) => void,
  ) {}

  /** Everything is unfolded. */
  reset(): void {
    this.folded.clear();
    this.current = 0;
  }

  toggle(start: number): void {
    this.current = start;
    this.#set(start, !this.folded.has(start));
  }

  onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const starts = this.#starts;
    const place = starts.indexOf(this.current);
    if (event.key === 'ArrowDown') this.#move(starts[place + 1]);
    else if (event.key === 'ArrowUp') this.#move(starts[place - 1]);
    else if (event.key === 'Home') this.#move(starts[0]);
    else if (event.key === 'End') this.#move(starts.at(-1));
    else if (event.key === 'ArrowLeft') this.#set(this.current, true);
    else if (event.key === 'ArrowRight') this.#set(this.current, false);
    else if (event.key === 'Enter' || event.key === ' ') this.toggle(this.current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #set(start: number, isFolded: boolean): void {
    const fold = this.folds.get(start);
    if (fold === undefined || this.folded.has(start) === isFolded) return;
    if (isFolded) this.folded.add(start);
    else this.folded.delete(start);
    const name = fold.name === '' ? words.json.block : fold.name;
    this.spoken = isFolded ? words.json.folded(name, fold.end - start + 1) : words.json.unfolded(name);
  }

  #move(to: number | undefined): void {
    if (to === undefined) return;
    this.current = to;
    this.onmove(to);
  }
}
