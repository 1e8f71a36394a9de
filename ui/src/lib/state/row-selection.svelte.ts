import { SvelteSet } from 'svelte/reactivity';
import type { ExportQuery, Selection } from '$lib/api';

/** Rows that are selected one by one. */
export const MOST_SELECTED = 1_000;

/** Windows in which the drawer slides over the page, as in Drawer.svelte. */
export const OVER_THE_PAGE = '(max-width: 1040px)';

/** A list whose rows are selected. */
export interface SelectableList {
  readonly total: number;
  /** What its rows are found by. */
  readonly question: Pick<ExportQuery, 'search' | 'status' | 'since'>;
  rowAt(index: number): { id: string } | undefined;
  indexOf(id: string): number;
  idsBetween(first: number, last: number): Promise<string[]>;
}

/** Which rows of a list are selected: some, or all that it finds, with exceptions. */
export class RowSelection {
  #isAll = $state(false);
  /** Those that are selected; of all, those that are not. */
  readonly #ids = new SvelteSet<string>();
  /** Grows with each change, so that a range that is found too late is not selected. */
  #generation = 0;
  /** Where a range begins: a row, which others may push down, and where it was. What the range has. */
  #anchor: { index: number; id: string | undefined } | null = null;
  #range: string[] = [];

  /** `onmost` is called when more are wanted than can be selected one by one, `onfail` with why a range could not be read. */
  constructor(
    private readonly list: SelectableList,
    private readonly onmost: () => void = () => undefined,
    private readonly onfail: (thrown: unknown) => void = () => undefined,
  ) {}

  get count(): number {
    return this.#isAll ? Math.max(0, this.list.total - this.#ids.size) : this.#ids.size;
  }

  /** Whether a click selects: what it would open would slide over what can be done with the selection. */
  get takesClicks(): boolean {
    return this.isAny && matchMedia(OVER_THE_PAGE).matches;
  }

  get isAny(): boolean {
    return this.count > 0;
  }

  has(id: string): boolean {
    return this.#ids.has(id) !== this.#isAll;
  }

  toggle = (index: number, id: string): void => {
    this.#generation += 1;
    if (!this.#ids.delete(id)) this.#add([id]);
    this.#begin(index);
  };

  /** Selects from where the last one was selected, or from row `from`, to row `index`; a former range from there is given up. */
  extend = async (from: number, index: number): Promise<void> => {
    if (this.#isAll) return;
    const generation = (this.#generation += 1);
    const { index: was, id } = (this.#anchor ??= this.#placeOf(from));
    const found = id === undefined ? -1 : this.list.indexOf(id);
    const anchor = found >= 0 ? found : was;
    const [first, last] = [Math.min(anchor, index), Math.max(anchor, index)];
    if (last - first >= MOST_SELECTED) {
      this.onmost();
      return;
    }
    let ids: string[];
    try {
      ids = await this.list.idsBetween(first, last);
    } catch (thrown) {
      if (generation === this.#generation) this.onfail(thrown);
      return;
    }
    if (generation !== this.#generation) return;
    for (const id of this.#range) this.#ids.delete(id);
    this.#range = ids.filter((id) => !this.#ids.has(id));
    this.#add(this.#range);
  };

  all(): void {
    this.clear();
    this.#isAll = true;
  }

  clear(): void {
    this.#generation += 1;
    this.#isAll = false;
    this.#ids.clear();
    this.#anchor = null;
    this.#range = [];
  }

  /** What the server is told; of all, also how many the person sees that they are. */
  get selection(): Selection {
    const ids = [...this.#ids];
    return this.#isAll ? { ...this.list.question, all: true, except: ids, count: this.count } : { ids };
  }

  /** The same for an export. */
  get query(): ExportQuery {
    const ids = [...this.#ids].join();
    return this.#isAll ? { ...this.list.question, except: ids } : { ids };
  }

  #add(ids: string[]): void {
    if (this.#ids.size + ids.length > MOST_SELECTED) this.onmost();
    else ids.forEach((id) => this.#ids.add(id));
  }

  /** A row that is selected where it is not in sight in the list is no place to begin from. */
  #begin(index: number): void {
    this.#anchor = index < 0 ? null : this.#placeOf(index);
    this.#range = [];
  }

  #placeOf(index: number) {
    return { index, id: this.list.rowAt(index)?.id };
  }
}
