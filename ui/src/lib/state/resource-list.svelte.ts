import { ApiError, type Change, type Event, type ExportQuery, type Page } from '$lib/api';
import { MANY, type Mark } from './marks.svelte';
import { PAGE_SIZE } from './pages';
import type { ListView, Order } from './route';
import { WindowedList } from './windowed-list.svelte';

/** So many rows that wait are told apart; beyond, all that is known is that there are more. */
const MOST_TOUCHED = 10_000;

/** How many rows each filter leaves. */
type Counts<Filter extends string> = Record<Filter, number>;

/** A window of a list, with how many rows each filter leaves. */
export interface CountedPage<Row, Filter extends string> extends Page<Row> {
  counts: Counts<Filter>;
}

/** A row that a change concerns, and how. */
export interface Touch {
  id: string;
  how: Mark | 'deleted';
}

/** What a change does to the row of what it is about. */
export function touchOf(kind: Change['kind']): Touch['how'] {
  if (kind === 'created') return 'new';
  return kind === 'deleted' ? 'deleted' : 'changed';
}

type Touched = ReadonlyMap<string, Touch['how']>;

/**
 * The users or groups of one directory, newest change first. Live events only say that something changed: what is shown
 * is read again, so that order, counts and filters are always the server's.
 *
 * While the person is reading, changed rows are replaced in place and new ones are counted. While paused, not even that.
 */
export abstract class ResourceList<
  Row extends { id: string },
  Filter extends string = string,
  Sort extends string = string,
> extends WindowedList<Row, Filter, CountedPage<Row, Filter>> {
  /** How many rows each filter leaves; `null` before they are known. */
  counts = $state.raw<Counts<Filter> | null>(null);
  sort = $state<Sort>('modified' as Sort);
  order = $state<Order>('desc');

  #lastSeq = 0;
  #touched = new Map<string, Touch['how']>();
  /** What the refresh under way will bring: the rows that are shown do not have it yet. */
  #underWay: Touched = new Map();
  #isStale = false;

  constructor(protected readonly directoryId: string) {
    super();
  }

  protected abstract read(id: string): Promise<Row>;
  protected abstract touches(change: Change): Touch[];
  /** Whether a change touches more rows than it names. */
  protected abstract touchesMore(change: Change): boolean;
  /** Whether a column is read from its beginning: names from A, but the newest change first. */
  protected abstract isAscending(sort: Sort): boolean;

  /** What its rows are found by, as the server is asked. */
  get question(): Pick<ExportQuery, 'search' | 'status' | 'since'> {
    const { search, filter } = this;
    return { search, status: filter as NonNullable<ExportQuery['status']> };
  }

  /** The ids of the rows from `first` to `last`; those that are not in memory are read. */
  async idsBetween(first: number, last: number): Promise<string[]> {
    const ids: string[] = [];
    for (let index = first; index <= last;) {
      const row = this.rowAt(index);
      const rows = row === undefined ? (await this.list(index, Math.min(PAGE_SIZE, last - index + 1))).items : [row];
      if (rows.length === 0) break;
      ids.push(...rows.map(({ id }) => id));
      index += rows.length;
    }
    return ids;
  }

  override get view(): ListView {
    const { sort, order } = this;
    return sort === 'modified' && order === 'desc' ? super.view : { ...super.view, sort, order };
  }

  override setView(view: ListView): boolean {
    const { sort = 'modified', order = 'desc' } = view;
    const isSorted = sort === this.sort && order === this.order;
    [this.sort, this.order] = [sort as Sort, order];
    return super.setView(view) || !isSorted;
  }

  override load(): Promise<void> {
    this.#touched = new Map();
    this.#isStale = false;
    this.deleted.clear();
    this.#countTouched();
    return super.load();
  }

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
    if (!this.isFrozen) this.refreshes.run();
    else if (!this.isPaused) void this.#updateInPlace(concerned);
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

  protected override catchUp(): void {
    if (!this.isFrozen && (this.#touched.size > 0 || this.#isStale)) this.refreshes.run();
  }

  protected override take(answer: CountedPage<Row, Filter>): void {
    super.take(answer);
    this.counts = answer.counts;
  }

  protected override async refresh(): Promise<void> {
    const [touched, wasStale] = [this.#touched, this.#isStale];
    this.#underWay = touched;
    this.#touched = new Map();
    this.#isStale = false;
    const reading = await this.readInSight();
    if (this.#underWay === touched) this.#underWay = new Map();
    if (reading === 'held' || reading === 'failed') this.#putBack(touched, wasStale || reading === 'failed');
    if (reading === 'shown') this.deleted.clear();
    // What a later answer brought is newer, and has these changes, too.
    if (reading === 'shown' || reading === 'overtaken') this.#mark(touched);
    this.#countTouched();
  }

  /** The person began to read while the answer was on its way: what it says waits until they are done. */
  #putBack(touched: Map<string, Touch['how']>, isStale: boolean): void {
    const later = this.#touched;
    this.#touched = touched;
    this.#isStale ||= isStale;
    later.forEach((how, id) => this.#note({ id, how }));
  }

  #mark(touched: Touched): void {
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
      this.pages = this.pages.withRow(row);
      this.marks.add(new Map([[id, 'changed']]));
    } catch (thrown) {
      // It may be gone by now, which another event says; anything else shows up when the list is read again.
      if (ApiError.of(thrown).code !== 'notFound') this.fail(thrown);
    }
  }

  /** Rows that arrived or moved to the top have pushed a page down since the list stopped. */
  protected override offsetOf(page: number): number {
    if (!this.isFrozen || this.sort !== 'modified' || this.order !== 'desc') return super.offsetOf(page);
    const touched = bothOf(this.#underWay, this.#touched);
    let [deleted, deletedAbove, touchedAbove] = [0, 0, 0];
    for (const how of touched.values()) if (how === 'deleted') deleted += 1;
    for (const { id } of this.pages.before(page)) {
      const how = touched.get(id);
      if (how === 'deleted') deletedAbove += 1;
      else if (how !== undefined) touchedAbove += 1;
    }
    const movedUp = touched.size - deleted - touchedAbove;
    return Math.max(0, page * PAGE_SIZE + movedUp - deletedAbove);
  }
}

function bothOf(earlier: Touched, later: Touched): Touched {
  const both = new Map(earlier);
  for (const [id, how] of later) {
    // What came and went again moves nothing.
    if (how === 'deleted' && earlier.get(id) === 'new') both.delete(id);
    else both.set(id, how);
  }
  return both;
}
