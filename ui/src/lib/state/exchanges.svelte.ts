import { ApiError, type Client, type Event, type Exchange, type ExchangeRow, type ListExchanges } from '$lib/api';
import { Chunks } from './chunks';
import { UNATTRIBUTED } from './feed.svelte';
import { Marks } from './marks.svelte';
import { Throttle } from './throttle';

export type ExchangeFilter = NonNullable<ListExchanges['show']>;

/** Rows asked for at a time. */
export const CHUNK_SIZE = 100;
/** Arrivals kept aside while the list stands still; beyond that the list is read again. */
const MAX_WAITING = 200;
const REFRESH_MS = 250;
const SEARCH_MS = 120;

/**
 * The recorded requests of one directory, or of none (`null`), newest first. A recorded request never changes, so live events are put on top
 * as they are; only a search, which the server understands better, is asked again.
 */
export class Exchanges {
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state<string | null>(null);
  search = $state('');
  show = $state<ExchangeFilter>('all');
  isPaused = $state(false);
  /** Requests that arrived since the list stopped moving. */
  newCount = $state(0);
  /** Grows with each other question, for which the list starts at its top. */
  generation = $state(0);
  /** Whether there are older ones than those that were read. */
  hasMore = $state(false);
  readonly marks = new Marks<number>();

  #chunks = $state.raw(Chunks.empty());
  #shownGeneration = -1;
  #readsUnderWay = 0;
  #isHeld = false;
  #newestId = 0;
  #waiting: ExchangeRow[] = [];
  #isStale = false;
  #isLoadingMore = false;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #reading = new Set<number>();
  readonly #refreshes = new Throttle(() => this.#readHead(), REFRESH_MS);

  constructor(
    private readonly client: Client,
    private readonly directoryId: string | null,
  ) {}

  get length(): number {
    return this.#chunks.length;
  }

  get isFrozen(): boolean {
    return this.isPaused || this.#isHeld;
  }

  get isFiltered(): boolean {
    return this.search !== '' || this.show !== 'all';
  }

  rowAt(index: number): ExchangeRow | undefined {
    return this.#chunks.at(index);
  }

  indexOf(id: number): number {
    return this.#chunks.indexOf(id);
  }

  /** Reads the newest ones; again after a failure. */
  load(): Promise<void> {
    this.generation += 1;
    if (this.phase === 'failed') this.phase = 'loading';
    this.#isStale = true;
    return this.#readHead();
  }

  stop(): void {
    this.#refreshes.stop();
    this.marks.clear();
    clearTimeout(this.#searchTimer);
  }

  /** Takes in a batch of live events. */
  apply(batch: Event[]): void {
    const arrived = batch.flatMap((event) => (event.type === 'exchange' ? this.#takeIn(event.exchange) : []));
    if (batch.some((event) => event.type === 'exchangesDeleted' && event.directoryId === this.directoryId)) {
      void this.load();
      return;
    }
    if (batch.some(({ type }) => type === 'resync')) this.#isStale = true;

    const fitting = arrived.filter((row) => this.#fits(row));
    // Whether a search finds them, only the server knows.
    if (arrived.length > 0 && this.search !== '') this.#isStale = true;
    else this.#waiting = [...fitting.reverse(), ...this.#waiting];
    if (this.#waiting.length > MAX_WAITING) this.#isStale = true;
    if (this.#isStale) this.#waiting = this.#waiting.slice(0, MAX_WAITING);
    this.newCount += fitting.length;
    this.#catchUp();
  }

  /** Says which rows are in sight, and reads those that are missing. */
  showRange(first: number, last: number): void {
    if (this.phase !== 'ready') return;
    if (this.hasMore && last >= this.length - 1) void this.#readMore();
    const { chunks, missing } = this.#chunks.seen(first, last);
    this.#chunks = chunks;
    for (const chunk of missing) void this.#readChunk(chunk);
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

  setShow(show: ExchangeFilter): void {
    this.show = show;
    void this.load();
  }

  /** Shows all requests again. */
  clear(): void {
    this.search = '';
    this.show = 'all';
    void this.load();
  }

  #takeIn(row: ExchangeRow): ExchangeRow[] {
    // Events may come twice; ids only ever grow.
    if (row.directoryId !== this.directoryId || row.id <= this.#newestId) return [];
    this.#newestId = row.id;
    return [row];
  }

  #fits({ isWrite, status, noteCount }: ExchangeRow): boolean {
    if (this.show === 'writes') return isWrite;
    if (this.show === 'errors') return status >= 400;
    return this.show === 'all' || noteCount > 0;
  }

  #catchUp(): void {
    // What is being read replaces what is shown: arrivals wait until it is there.
    if (this.isFrozen || this.phase !== 'ready' || this.#readsUnderWay > 0) return;
    if (this.#isStale) this.#refreshes.run();
    else if (this.#waiting.length > 0) this.#putOnTop();
  }

  #putOnTop(): void {
    const rows = this.#waiting;
    this.#waiting = [];
    this.newCount = 0;
    this.#chunks = this.#chunks.withOnTop(rows);
    this.marks.add(new Map(rows.map(({ id }) => [id, 'new'])));
  }

  async #readHead(): Promise<void> {
    const { generation } = this;
    const newestShown = this.#chunks.at(0)?.id;
    this.#isStale = false;
    this.#waiting = [];
    this.#readsUnderWay += 1;
    try {
      const { items } = await this.#list({ limit: CHUNK_SIZE });
      if (generation !== this.generation) return;
      if (this.isFrozen && this.#shownGeneration === generation) {
        // The person began to read meanwhile: the answer would move what they read.
        this.#isStale = true;
        return;
      }
      this.#chunks = Chunks.of(items);
      this.hasMore = items.length === CHUNK_SIZE;
      this.#newestId = Math.max(this.#newestId, items[0]?.id ?? 0);
      // What came in while the answer was on its way and is not in it.
      this.#waiting = this.#waiting.filter(({ id }) => id > (items[0]?.id ?? 0));
      this.newCount = this.#waiting.length;
      if (this.phase === 'ready' && this.#shownGeneration === generation) this.#markSince(items, newestShown);
      this.#shownGeneration = generation;
      this.phase = 'ready';
      this.problem = null;
    } catch (thrown) {
      this.#isStale = true;
      if (generation === this.generation) this.#fail(thrown);
      return;
    } finally {
      this.#readsUnderWay -= 1;
    }
    this.#catchUp();
  }

  #markSince(rows: ExchangeRow[], id: number | undefined): void {
    const arrived = rows.filter((row) => id !== undefined && row.id > id);
    this.marks.add(new Map(arrived.map((row) => [row.id, 'new'])));
  }

  async #readMore(): Promise<void> {
    const { generation } = this;
    const before = this.#chunks.lastId;
    if (this.#isLoadingMore || before === undefined) return;
    this.#isLoadingMore = true;
    try {
      const { items } = await this.#list({ before, limit: CHUNK_SIZE });
      // The list may have been read anew meanwhile.
      if (generation !== this.generation || this.#chunks.lastId !== before) return;
      this.#chunks = this.#chunks.withBelow(items);
      this.hasMore = items.length === CHUNK_SIZE;
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#isLoadingMore = false;
    }
  }

  /** Reads a chunk that was let go of. */
  async #readChunk({ before, size }: { before: number; size: number }): Promise<void> {
    if (this.#reading.has(before)) return;
    this.#reading.add(before);
    try {
      const { items } = await this.#list({ before, limit: size });
      this.#chunks = this.#chunks.withRows(before, items);
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#reading.delete(before);
    }
  }

  #list(query: ListExchanges) {
    return this.client.listExchanges(this.directoryId ?? UNATTRIBUTED, {
      search: this.search,
      show: this.show,
      ...query,
    });
  }

  #fail(thrown: unknown): void {
    this.problem = ApiError.of(thrown).message;
    if (this.phase === 'loading') this.phase = 'failed';
  }
}

/** The request whose details are open; the former one stays in sight until the next has been read. */
export class OpenExchange {
  id = $state<number | null>(null);
  exchange = $state.raw<Exchange | null>(null);
  problem = $state<string | null>(null);
  readonly #refreshes = new Throttle(() => this.#read(), REFRESH_MS);

  constructor(private readonly client: Client) {}

  async open(id: number): Promise<void> {
    if (this.id === id && this.problem === null) return;
    this.id = id;
    this.problem = null;
    await this.#read();
  }

  close(): void {
    this.id = null;
    this.exchange = null;
    this.problem = null;
  }

  stop(): void {
    this.#refreshes.stop();
  }

  /** A recorded request does not change, but its story may go on, and it may be deleted. */
  apply(batch: Event[]): void {
    const row = this.exchange?.row;
    if (this.id === null || row === undefined) return;
    const concerns = (event: Event) =>
      event.type === 'resync' ||
      (event.type === 'exchangesDeleted' && event.directoryId === row.directoryId) ||
      (event.type === 'exchange' && row.story !== null && event.exchange.story === row.story);
    if (batch.some(concerns)) this.#refreshes.run();
  }

  async #read(): Promise<void> {
    const { id } = this;
    if (id === null) return;
    try {
      const exchange = await this.client.readExchange(id);
      if (this.id !== id) return;
      this.exchange = exchange;
      this.problem = null;
    } catch (thrown) {
      if (this.id !== id) return;
      this.exchange = null;
      this.problem = ApiError.of(thrown).message;
    }
  }
}
