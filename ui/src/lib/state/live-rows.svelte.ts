import { ApiError, type Change, type Event } from '$lib/api';
import { SvelteSet } from 'svelte/reactivity';
import { MANY, type Mark, Marks } from './marks.svelte';
import { PAGE_SIZE, Pages, pagesOf } from './pages';
import { Throttle } from './throttle';

/** A burst of changes is read at this pace; a single change is read at once. */
const REFRESH_MS = 250;
/** Long enough to type a word, short enough to feel immediate. */
const SEARCH_MS = 120;
/** So many rows that wait are told apart; beyond, all that is known is that there are more. */
export const MOST_TOUCHED = 10_000;

export type Order = 'asc' | 'desc';

/** A window of a list, with how many rows each filter leaves. */
export interface CountedPage<Row, Counts> {
  total: number;
  items: Row[];
  counts: Counts;
}

/** A row that a change concerns, and how. */
export interface Touch {
  id: string;
  how: Mark | 'deleted';
}

/**
 * A long list of users or groups that stays true while it is looked at. It holds a few pages of it. Live events only say
 * that something changed: what is shown is read again, so that order, counts and filters are always the server's.
 *
 * While the person is reading (scrolled away, or the pointer moves over the rows) nothing moves: changed rows are
 * replaced in place and new ones are counted. While paused, not even that.
 */
export abstract class LiveRows<Row extends { id: string }, Sort extends string = string, Counts = unknown> {
  /** `failed` only while there is nothing to show; a failed refresh leaves what is shown and sets `problem`. */
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state<string | null>(null);
  total = $state(0);
  /** How many rows each filter leaves; `null` before they are known. */
  counts = $state.raw<Counts | null>(null);
  search = $state('');
  sort = $state<Sort>('modified' as Sort);
  order = $state<Order>('desc');
  isPaused = $state(false);
  /** Rows that arrived, and rows that changed, since the list stopped moving. */
  newCount = $state(0);
  changedCount = $state(0);
  /** Grows with each other question, for which the list starts at its top. */
  generation = $state(0);
  readonly marks = new Marks<string>();
  /** Rows that are gone and stay in sight until the list moves again. */
  readonly deleted = new SvelteSet<string>();

  #pages = $state.raw(Pages.empty<Row>());
  #shownGeneration = -1;
  #asked = 0;
  #answered = 0;
  #isHeld = false;
  #lastSeq = 0;
  #first = 0;
  #last = 0;
  #touched = new Map<string, Touch['how']>();
  #isStale = false;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #loading = new Set<string>();
  readonly #refreshes = new Throttle(() => this.#refresh(), REFRESH_MS);

  constructor(protected readonly directoryId: string) {}

  protected abstract list(offset: number, limit: number): Promise<CountedPage<Row, Counts>>;
  protected abstract read(id: string): Promise<Row>;
  protected abstract touches(change: Change): Touch[];
  /** Whether a change touches more rows than it names. */
  protected abstract touchesMore(change: Change): boolean;
  /** Whether a column is read from its beginning: names from A, but the newest change first. */
  protected abstract isAscending(sort: Sort): boolean;
  /** Whether rows are left out, so that nobody can tell here whether a new one belongs to them. */
  abstract get isFiltered(): boolean;

  get isFrozen(): boolean {
    return this.isPaused || this.#isHeld;
  }

  /** Reads the beginning of the list; again after a failure. */
  load(): Promise<void> {
    this.generation += 1;
    if (this.phase === 'failed') this.phase = 'loading';
    this.#forget();
    return this.#refresh();
  }

  stop(): void {
    this.#refreshes.stop();
    this.marks.clear();
    clearTimeout(this.#searchTimer);
  }

  rowAt(index: number): Row | undefined {
    return this.#pages.at(index);
  }

  indexOf(id: string): number {
    return this.#pages.indexOf(id);
  }

  /** Takes in a batch of live events. */
  apply(batch: Event[]): void {
    const concerned: Touch[] = [];
    for (const event of batch) {
      if (event.type === 'resync') this.#startOver();
      else if (event.type === 'change') concerned.push(...this.#takeIn(event.change));
      else if (event.type === 'drift' && event.directoryId === this.directoryId)
        concerned.push(...event.ids.map<Touch>((id) => ({ id, how: 'changed' })));
    }
    concerned.forEach((touch) => this.#note(touch));
    this.#countTouched();
    if (this.#touched.size === 0 && !this.#isStale) return;
    if (!this.isFrozen) this.#refreshes.run();
    else if (!this.isPaused) void this.#updateInPlace(concerned);
  }

  /** Says which rows are in sight, and reads those that are missing. */
  show(first: number, last: number): void {
    [this.#first, this.#last] = [first, last];
    if (this.phase !== 'ready') return;
    for (const page of pagesOf(first, last)) {
      if (page * PAGE_SIZE >= this.total) continue;
      if (!this.#pages.has(page)) void this.#loadPage(page);
      else if (this.#pages.size > 1) this.#pages = this.#pages.seen(page);
    }
  }

  /** The view calls this when the person starts or stops reading. */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#catchUp();
  }

  togglePause(): void {
    this.isPaused = !this.isPaused;
    this.#catchUp();
  }

  setSearch(text: string): void {
    this.search = text;
    clearTimeout(this.#searchTimer);
    this.#searchTimer = setTimeout(() => void this.load(), SEARCH_MS);
  }

  /** Sorts by `sort`; once more, the other way round. */
  sortBy(sort: Sort): void {
    const natural = this.isAscending(sort) ? 'asc' : 'desc';
    const isAgain = this.sort === sort && this.order === natural;
    this.order = isAgain ? (natural === 'asc' ? 'desc' : 'asc') : natural;
    this.sort = sort;
    void this.load();
  }

  #takeIn(change: Change): Touch[] {
    // Events may come twice; their numbers only ever grow.
    if (change.directoryId !== this.directoryId || change.seq <= this.#lastSeq) return [];
    this.#lastSeq = change.seq;
    this.#isStale ||= this.touchesMore(change);
    return this.touches(change);
  }

  #note({ id, how }: Touch): void {
    const former = this.#touched.get(id);
    if (how === 'deleted' && former === 'new') this.#touched.delete(id);
    else if (former === undefined && this.#touched.size >= MOST_TOUCHED) this.#isStale = true;
    else if (!(how === 'changed' && former === 'new')) this.#touched.set(id, how);
    // A row that came and went again is still a reason to read the list.
    this.#isStale ||= how === 'deleted';
  }

  #startOver(): void {
    this.#lastSeq = 0;
    this.#isStale = true;
  }

  #countTouched(): void {
    const arrived = this.isFiltered ? [] : [...this.#touched.values()].filter((how) => how === 'new');
    this.newCount = arrived.length;
    this.changedCount = this.#touched.size - arrived.length;
  }

  #forget(): void {
    this.#touched = new Map();
    this.#isStale = false;
    this.deleted.clear();
    this.#countTouched();
  }

  #catchUp(): void {
    if (!this.isFrozen && (this.#touched.size > 0 || this.#isStale)) this.#refreshes.run();
  }

  async #refresh(): Promise<void> {
    const { generation } = this;
    const turn = ++this.#asked;
    const [touched, wasStale] = [this.#touched, this.#isStale];
    this.#touched = new Map();
    this.#isStale = false;
    try {
      const numbers = generation === this.#shownGeneration ? pagesOf(this.#first, this.#last) : [0];
      const answers = await Promise.all(numbers.map((page) => this.list(page * PAGE_SIZE, PAGE_SIZE)));
      if (generation !== this.generation) return;
      if (this.isFrozen && this.#shownGeneration === generation) return this.#putBack(touched, wasStale);
      // A later question was answered first: what it brought is newer.
      if (turn < this.#answered) return this.#mark(touched);
      this.#answered = turn;
      this.#pages = answers.reduce((pages, { items }, at) => pages.with(numbers[at] ?? 0, items), Pages.empty<Row>());
      this.total = answers[0]?.total ?? 0;
      this.counts = answers[0]?.counts ?? null;
      this.#shownGeneration = generation;
      this.phase = 'ready';
      this.problem = null;
      this.deleted.clear();
      this.#mark(touched);
    } catch (thrown) {
      if (generation !== this.generation) return;
      this.#putBack(touched, true);
      this.#fail(thrown);
    }
    this.#countTouched();
  }

  /** The person began to read while the answer was on its way: what it says waits until they are done. */
  #putBack(touched: Map<string, Touch['how']>, isStale: boolean): void {
    const later = this.#touched;
    this.#touched = touched;
    this.#isStale ||= isStale;
    later.forEach((how, id) => this.#note({ id, how }));
    this.#countTouched();
  }

  #mark(touched: ReadonlyMap<string, Touch['how']>): void {
    const marks = new Map<string, Mark>();
    for (const [id, how] of touched) if (how !== 'deleted' && this.indexOf(id) >= 0) marks.set(id, how);
    this.marks.add(marks);
  }

  async #updateInPlace(touches: Touch[]): Promise<void> {
    const visible = touches.filter(({ id }) => this.indexOf(id) >= 0);
    // Beyond this nobody can follow; the rows are read when the list moves again.
    if (visible.length > MANY) return;
    for (const { id, how } of visible) if (how === 'deleted') this.deleted.add(id);
    const ids = new Set(visible.filter(({ how }) => how !== 'deleted').map(({ id }) => id));
    await Promise.all([...ids].map((id) => this.#updateRow(id)));
  }

  async #updateRow(id: string): Promise<void> {
    try {
      const row = await this.read(id);
      this.#pages = this.#pages.withRow(row);
      this.marks.add(new Map([[id, 'changed']]));
    } catch (thrown) {
      // It may be gone by now, which another event says; anything else shows up when the list is read again.
      if (ApiError.of(thrown).code !== 'notFound') this.#fail(thrown);
    }
  }

  async #loadPage(page: number): Promise<void> {
    const { generation } = this;
    const key = `${generation}/${page}`;
    if (this.#loading.has(key)) return;
    this.#loading.add(key);
    try {
      const { items, total, counts } = await this.list(this.#offsetOf(page), PAGE_SIZE);
      if (generation !== this.generation) return;
      this.#pages = this.#pages.with(page, items);
      if (!this.isFrozen) [this.total, this.counts] = [total, counts];
      this.problem = null;
    } catch (thrown) {
      if (generation === this.generation) this.#fail(thrown);
    } finally {
      this.#loading.delete(key);
    }
  }

  /** Where `page` begins by now: rows that arrived or moved to the top have pushed it down since the list stopped. */
  #offsetOf(page: number): number {
    if (!this.isFrozen || this.sort !== 'modified' || this.order !== 'desc') return page * PAGE_SIZE;
    let [deleted, deletedAbove, touchedAbove] = [0, 0, 0];
    for (const how of this.#touched.values()) if (how === 'deleted') deleted += 1;
    for (const { id } of this.#pages.before(page)) {
      const how = this.#touched.get(id);
      if (how === 'deleted') deletedAbove += 1;
      else if (how !== undefined) touchedAbove += 1;
    }
    const movedUp = this.#touched.size - deleted - touchedAbove;
    return Math.max(0, page * PAGE_SIZE + movedUp - deletedAbove);
  }

  #fail(thrown: unknown): void {
    this.problem = ApiError.of(thrown).message;
    if (this.phase === 'loading') this.phase = 'failed';
  }
}
