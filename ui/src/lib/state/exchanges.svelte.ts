import {
  ApiError,
  type Client,
  type Event,
  type Exchange,
  type ExchangePage,
  type ExchangeRow,
  type ListExchanges,
} from '$lib/api';
import { Chunks } from './chunks';
import { UNATTRIBUTED } from './feed.svelte';
import { LiveDetail } from './live-detail.svelte';
import { LiveList } from './live-list.svelte';

export type ExchangeFilter = NonNullable<ListExchanges['show']>;

/** Rows asked for at a time. */
export const CHUNK_SIZE = 100;
/** Arrivals kept aside while the list stands still; beyond that the list is read again. */
const MAX_WAITING = 200;

/**
 * The recorded requests of one directory, or of none (`null`), newest first, as far as they were read. Of a recorded request
 * nothing changes but what a person puts on it, so live events are put on top as they are; only a search, which the server understands better, is asked
 * again.
 */
export class Exchanges extends LiveList<ExchangeRow, ExchangeFilter> {
  /** What in the search means nothing; then nothing was searched. */
  searchProblem = $state<string | null>(null);
  /** Whether a search of very many goes on: what was found so far is shown. */
  isSearching = $state(false);
  #chunks = $state.raw(Chunks.empty());
  /** Below which request the list goes on. */
  #next: number | null = null;
  #readsUnderWay = 0;
  #newestId = 0;
  #waiting: ExchangeRow[] = [];
  #isStale = false;

  constructor(
    private readonly client: Client,
    private readonly directoryId: string | null,
  ) {
    super();
  }

  get total(): number {
    return this.#chunks.length;
  }

  rowAt(index: number): ExchangeRow | undefined {
    return this.#chunks.at(index);
  }

  indexOf(id: number): number {
    return this.#chunks.indexOf(id);
  }

  override load(): Promise<void> {
    this.#isStale = true;
    return super.load();
  }

  apply(batch: Event[]): void {
    const arrived = batch.flatMap((event) => (event.type === 'exchange' ? this.#takeIn(event.exchange) : []));
    if (batch.some((event) => event.type === 'exchangesDeleted' && event.directoryId === this.directoryId)) {
      void this.load();
      return;
    }
    if (batch.some(({ type }) => type === 'resync')) this.#isStale = true;
    this.#takeMarks(batch);

    const fitting = arrived.filter((row) => this.#fits(row));
    // Whether a search finds them, only the server knows.
    if (arrived.length > 0 && this.search !== '') this.#isStale = true;
    else this.#waiting = [...fitting.reverse(), ...this.#waiting];
    if (this.#waiting.length > MAX_WAITING) this.#isStale = true;
    if (this.#isStale) this.#waiting = this.#waiting.slice(0, MAX_WAITING);
    this.newCount += fitting.length;
    this.catchUp();
  }

  showRange(first: number, last: number): void {
    if (this.phase !== 'ready') return;
    if (this.hasMore && last >= this.total - 1) void this.#readMore();
    const { chunks, missing } = this.#chunks.seen(first, last);
    this.#chunks = chunks;
    for (const chunk of missing) void this.#readChunk(chunk);
  }

  #takeIn(row: ExchangeRow): ExchangeRow[] {
    // Events may come twice; ids only ever grow.
    if (row.directoryId !== this.directoryId || row.id <= this.#newestId) return [];
    this.#newestId = row.id;
    return [row];
  }

  /** Shows what a person put on requests; which of them a search or a filter finds then, only the server knows. */
  #takeMarks(batch: Event[]): void {
    const rows = batch.flatMap((event) => (event.type === 'exchangeMarked' ? event.exchange : []));
    const own = rows.filter(({ directoryId }) => directoryId === this.directoryId);
    if (own.length === 0) return;
    this.#chunks = this.#chunks.withChanged(own);
    const marked = new Map(own.map((row) => [row.id, row]));
    this.#waiting = this.#waiting.map((row) => marked.get(row.id) ?? row);
    if (this.search !== '' || this.filter === 'pinned') this.#isStale = true;
  }

  #fits({ isWrite, isPinned, status, noteCount }: ExchangeRow): boolean {
    if (this.filter === 'writes') return isWrite;
    if (this.filter === 'pinned') return isPinned;
    if (this.filter === 'errors') return status >= 400;
    return this.filter === 'all' || noteCount > 0;
  }

  protected override catchUp(): void {
    // What is being read replaces what is shown: arrivals wait until it is there.
    // A search that goes on is not begun again with each arrival: it would never end.
    if (this.isFrozen || this.phase !== 'ready' || this.#readsUnderWay > 0 || this.isSearching) return;
    if (this.#isStale) this.refreshes.run();
    else if (this.#waiting.length > 0) this.#putOnTop();
  }

  #putOnTop(): void {
    const rows = this.#waiting;
    this.#waiting = [];
    this.newCount = 0;
    this.#chunks = this.#chunks.withOnTop(rows);
    this.marks.add(new Map(rows.map(({ id }) => [id, 'new'])));
  }

  protected async refresh(): Promise<void> {
    this.#isStale = false;
    this.#waiting = [];
    this.#readsUnderWay += 1;
    const reading = await this.ask(
      () => this.#list({ limit: CHUNK_SIZE }),
      (page) => this.#show(page),
    );
    this.#readsUnderWay -= 1;
    if (reading === 'held' || (reading === 'failed' && this.searchProblem === null)) this.#isStale = true;
    else this.catchUp();
    if (this.isSearching) void this.#readMore();
  }

  #show(page: ExchangePage): void {
    const { items } = page;
    this.searchProblem = null;
    const newestShown = this.#chunks.at(0)?.id;
    const newest = items[0]?.id ?? 0;
    this.#chunks = Chunks.of(items);
    this.#goOn(page);
    this.#newestId = Math.max(this.#newestId, newest);
    // What came in while the answer was on its way and is not in it.
    this.#waiting = this.#waiting.filter(({ id }) => id > newest);
    this.newCount = this.#waiting.length;
    if (this.phase === 'ready' && this.shownGeneration === this.generation) this.#markSince(items, newestShown);
  }

  #markSince(rows: ExchangeRow[], id: number | undefined): void {
    const arrived = rows.filter((row) => id !== undefined && row.id > id);
    this.marks.add(new Map(arrived.map((row) => [row.id, 'new'])));
  }

  async #readMore(): Promise<void> {
    const before = this.#next;
    if (before === null) return;
    const { generation } = this;
    await this.askForPart(
      'more',
      () => this.#list({ before, limit: CHUNK_SIZE }),
      (page) => {
        // The list may have been read anew meanwhile.
        if (this.#next !== before) return;
        this.#chunks = this.#chunks.withBelow(page.items);
        this.#goOn(page);
      },
    );
    // One that made no step forward failed, and is tried again by whoever looks on.
    if (generation !== this.generation) return;
    if (this.isSearching && this.#next !== before) void this.#readMore();
    else this.catchUp();
  }

  /** Notes where the list goes on. A window that is not full and not the last ended because the server has looked for long enough. */
  #goOn({ items, next }: ExchangePage): void {
    this.#next = next;
    this.hasMore = next !== null;
    this.isSearching = this.hasMore && items.length < CHUNK_SIZE;
  }

  protected override fail(thrown: unknown): void {
    const error = ApiError.of(thrown);
    this.isSearching = false;
    if (error.field !== 'search') {
      super.fail(error);
      return;
    }
    this.#show({ items: [], next: null, total: 0 });
    this.searchProblem = error.message;
    this.phase = 'ready';
    this.problem = null;
  }

  /** Reads a chunk that was let go of. */
  #readChunk({ before, size }: { before: number; size: number }): Promise<void> {
    return this.askForPart(
      `below ${before}`,
      () => this.#list({ before, limit: size }),
      ({ items }) => (this.#chunks = this.#chunks.withRows(before, items)),
    );
  }

  #list(query: ListExchanges) {
    return this.client.listExchanges(this.directoryId ?? UNATTRIBUTED, {
      search: this.search,
      show: this.filter,
      ...(this.search === '' ? {} : { noTotal: true }),
      ...query,
    });
  }
}

/** The request whose details are open. */
export class OpenExchange extends LiveDetail<number, Exchange> {
  constructor(private readonly client: Client) {
    super();
  }

  protected read(id: number): Promise<Exchange> {
    return this.client.readExchange(id);
  }

  /** A person may mark it or delete it, and its story may go on. */
  protected concerns(event: Event): boolean {
    const row = this.detail?.row;
    if (row === undefined) return false;
    return (
      event.type === 'resync' ||
      (event.type === 'exchangesDeleted' && event.directoryId === row.directoryId) ||
      (event.type === 'exchangeMarked' && event.exchange.id === row.id) ||
      (event.type === 'exchange' && row.story !== null && event.exchange.story === row.story)
    );
  }

  protected override fail(error: ApiError): void {
    this.detail = null;
    super.fail(error);
  }
}
