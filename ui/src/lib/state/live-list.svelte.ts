import { ApiError, type Event } from '$lib/api';
import { SvelteSet } from 'svelte/reactivity';
import { Marks } from './marks.svelte';
import type { ListView } from './route';
import { Throttle } from './throttle';

/** Between two reads while much happens; a single change is read at once. What was committed is to be seen within 100 ms. */
const REFRESH_MS = 40;
/** Long enough to type a word, short enough to feel immediate. */
const SEARCH_MS = 120;

/**
 * What became of a question: its answer is shown; a later answer is shown already; the question is another by now; the
 * list was frozen meanwhile; or there was no answer.
 */
export type Reading = 'shown' | 'overtaken' | 'outdated' | 'held' | 'failed';

/**
 * A long list that the server searches and filters, and that stays true while it is looked at. While the person is
 * reading (scrolled away, or the pointer moves over the rows), or has paused it, it is frozen: nothing moves, and what
 * arrives is counted.
 */
export abstract class LiveList<Row extends { id: string | number }, Filter extends string = string> {
  /** `failed` only while there is nothing to show; a failed refresh leaves what is shown and sets `problem`. */
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state<string | null>(null);
  search = $state('');
  /** Which rows are shown: those that the filter leaves. */
  filter = $state<Filter | 'all'>('all');
  isPaused = $state(false);
  /** Rows that arrived, and rows that changed, since the list stopped moving. */
  newCount = $state(0);
  changedCount = $state(0);
  /** Grows with each other question, for which the list starts at its top. */
  generation = $state(0);
  /** Whether there are more rows, below those that `total` counts. */
  hasMore = $state(false);
  readonly marks = new Marks<Row['id']>();
  /** Rows that are gone and stay in sight until the list moves again. */
  readonly deleted = new SvelteSet<Row['id']>();

  protected readonly refreshes = new Throttle(() => this.refresh(), REFRESH_MS);
  /** The question whose answer is shown. */
  protected shownGeneration = -1;
  #asked = 0;
  #answered = 0;
  readonly #underWay = new Set<string>();
  #isHeld = false;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;

  /** How many rows there are. */
  abstract readonly total: number;
  abstract rowAt(index: number): Row | undefined;
  abstract indexOf(id: Row['id']): number;
  /** Says which rows are in sight, and reads those that are missing. */
  abstract showRange(first: number, last: number): void;
  /** Takes in a batch of live events. */
  abstract apply(batch: Event[]): void;
  /** Reads what is in sight anew; the beginning of the list if the question is another. */
  protected abstract refresh(): Promise<void>;

  get isFrozen(): boolean {
    return this.isPaused || this.#isHeld;
  }

  /** Whether rows are left out, so that nobody can tell here whether a new one belongs to them. */
  get isFiltered(): boolean {
    return this.search !== '' || this.filter !== 'all';
  }

  /** Reads the beginning of the list; again after a failure. */
  load(): Promise<void> {
    this.generation += 1;
    if (this.phase === 'failed') this.phase = 'loading';
    return this.refresh();
  }

  recover(): void {
    if (this.phase === 'failed') void this.load();
  }

  stop(): void {
    this.refreshes.stop();
    this.marks.clear();
    clearTimeout(this.#searchTimer);
  }

  /** The view calls this when the person starts or stops reading. */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.catchUp();
  }

  togglePause(): void {
    this.isPaused = !this.isPaused;
    this.catchUp();
  }

  setSearch(text: string): void {
    this.search = text;
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => void this.load(), SEARCH_MS);
  }

  setFilter(filter: Filter | 'all'): void {
    this.filter = filter;
    void this.load();
  }

  /** What of it stands in an address. */
  get view(): ListView {
    return { search: this.search || undefined, show: this.filter === 'all' ? undefined : this.filter };
  }

  /** Is what an address says; answers whether that is another question. */
  setView({ search = '', show = 'all' }: ListView): boolean {
    if (search === this.search && show === this.filter) return false;
    this.search = search;
    // Only the server knows whether there is such a filter.
    this.filter = show as Filter;
    return true;
  }

  /** Shows all rows again. */
  clear(): void {
    this.search = '';
    this.setFilter('all');
  }

  /** Shows what has arrived meanwhile, unless the list is frozen. */
  protected catchUp(): void {
    return;
  }

  /** Asks for what is to be shown, and has it shown by `show` unless that would be wrong by now. */
  protected async ask<Answer>(asking: () => Promise<Answer>, show: (answer: Answer) => void): Promise<Reading> {
    const { generation } = this;
    const turn = ++this.#asked;
    try {
      const answer = await asking();
      if (generation !== this.generation) return 'outdated';
      // The person began to read meanwhile: the answer would move what they read.
      if (this.isFrozen && this.shownGeneration === generation) return 'held';
      if (turn < this.#answered) return 'overtaken';
      this.#answered = turn;
      show(answer);
      this.shownGeneration = generation;
      this.phase = 'ready';
      this.problem = null;
      return 'shown';
    } catch (thrown) {
      if (generation !== this.generation) return 'outdated';
      this.fail(thrown);
      return 'failed';
    }
  }

  /** Asks for one more `part` of what is shown, unless that is under way, and passes it to `take` if the question is still the same. */
  protected async askForPart<Answer>(part: string, asking: () => Promise<Answer>, take: (answer: Answer) => void) {
    const { generation } = this;
    const key = `${generation}/${part}`;
    if (this.#underWay.has(key)) return;
    this.#underWay.add(key);
    try {
      const answer = await asking();
      if (generation !== this.generation) return;
      take(answer);
      this.problem = null;
    } catch (thrown) {
      if (generation === this.generation) this.fail(thrown);
    } finally {
      this.#underWay.delete(key);
    }
  }

  protected fail(thrown: unknown): void {
    this.problem = ApiError.of(thrown).message;
    if (this.phase === 'loading') this.phase = 'failed';
  }
}
