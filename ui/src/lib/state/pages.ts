/** The server gives at most as many rows at a time. */
export const PAGE_SIZE = 200;

/** As many pages are held; the longest unseen goes first. */
const MAX_PAGES = 20;

/** The pages of a long list that are held. Immutable, so that a change of it can be noticed. */
export class Pages<Row extends { id: string }> {
  private constructor(private readonly pages: ReadonlyMap<number, readonly Row[]>) {}

  static empty<Row extends { id: string }>(): Pages<Row> {
    return new Pages<Row>(new Map());
  }

  get size(): number {
    return this.pages.size;
  }

  has(page: number): boolean {
    return this.pages.has(page);
  }

  at(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE];
  }

  indexOf(id: string): number {
    for (const [page, rows] of this.pages) {
      const place = rows.findIndex((row) => row.id === id);
      if (place >= 0) return page * PAGE_SIZE + place;
    }
    return -1;
  }

  /** The rows that are held of the pages before `page`. */
  before(page: number): Row[] {
    return [...this.pages].flatMap(([number, rows]) => (number < page ? rows : []));
  }

  /** With `rows` as `page`, the most recently seen. */
  with(page: number, rows: readonly Row[]): Pages<Row> {
    const pages = new Map(this.pages);
    pages.delete(page);
    pages.set(page, rows);
    for (const oldest of pages.keys()) {
      if (pages.size <= MAX_PAGES) break;
      pages.delete(oldest);
    }
    return new Pages(pages);
  }

  /** With `row` in the place of the one of the same id. */
  withRow(row: Row): Pages<Row> {
    const index = this.indexOf(row.id);
    if (index < 0) return this;
    const page = Math.floor(index / PAGE_SIZE);
    const rows = (this.pages.get(page) ?? []).map((known) => (known.id === row.id ? row : known));
    return new Pages(new Map([...this.pages].map(([number, known]) => [number, number === page ? rows : known])));
  }

  /** With `page` as the most recently seen. */
  seen(page: number): Pages<Row> {
    const rows = this.pages.get(page);
    return rows === undefined ? this : this.with(page, rows);
  }
}

/** The pages that show the rows from `first` to `last`. */
export function pagesOf(first: number, last: number): number[] {
  const start = Math.floor(Math.max(0, first) / PAGE_SIZE);
  const end = Math.floor(Math.max(0, last) / PAGE_SIZE);
  return Array.from({ length: end - start + 1 }, (_, index) => start + index);
}
