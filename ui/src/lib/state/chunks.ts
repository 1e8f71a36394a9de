import type { ExchangeRow } from '$lib/api';

/** As many chunks keep their rows; the longest unseen lets go of them first. */
export const MAX_CHUNKS = 20;
/** A first chunk that has grown to this size is cut in two. */
const MAX_SIZE = 200;

interface Chunk {
  /** `null`: let go of, to be read again when it comes in sight. */
  rows: readonly ExchangeRow[] | null;
  size: number;
  lastId: number;
  seenAt: number;
}

/**
 * Consecutive pieces of a list that is read from the newest to the oldest by the id of the last row (keyset paging). Each
 * piece remembers where it ends, so that its rows can be let go of and read again. Immutable.
 */
export class Chunks {
  private constructor(
    private readonly chunks: readonly Chunk[],
    private readonly turn: number,
  ) {}

  static empty(): Chunks {
    return new Chunks([], 0);
  }

  static of(rows: readonly ExchangeRow[]): Chunks {
    return Chunks.empty().withBelow(rows);
  }

  get length(): number {
    return this.chunks.reduce((sum, { size }) => sum + size, 0);
  }

  get lastId(): number | undefined {
    return this.chunks.at(-1)?.lastId;
  }

  at(index: number): ExchangeRow | undefined {
    let start = 0;
    for (const { rows, size } of this.chunks) {
      if (index < start + size) return rows?.[index - start];
      start += size;
    }
    return undefined;
  }

  indexOf(id: number): number {
    let start = 0;
    for (const { rows, size, lastId } of this.chunks) {
      if (id >= lastId) {
        const place = rows?.findIndex((row) => row.id === id) ?? -1;
        return place < 0 ? -1 : start + place;
      }
      start += size;
    }
    return -1;
  }

  withOnTop(rows: readonly ExchangeRow[]): Chunks {
    const [first, ...rest] = this.chunks;
    if (first?.rows == null) return new Chunks([...this.#chunksOf(rows), ...this.chunks], this.turn);
    return new Chunks([...this.#chunksOf([...rows, ...first.rows]), ...rest], this.turn);
  }

  withBelow(rows: readonly ExchangeRow[]): Chunks {
    return new Chunks([...this.chunks, ...this.#chunksOf(rows)], this.turn).#thinned();
  }

  /** With `rows` back in the chunk that begins below the row `before`. */
  withRows(before: number, rows: readonly ExchangeRow[]): Chunks {
    const chunks = this.chunks.map((chunk, index) =>
      this.chunks[index - 1]?.lastId === before ? { ...chunk, rows, seenAt: this.turn } : chunk,
    );
    return new Chunks(chunks, this.turn).#thinned();
  }

  /** With rows that have changed in the place of what they were. */
  withChanged(rows: readonly ExchangeRow[]): Chunks {
    const changed = new Map(rows.map((row) => [row.id, row]));
    const put = (chunk: Chunk) => ({ ...chunk, rows: chunk.rows?.map((row) => changed.get(row.id) ?? row) ?? null });
    return new Chunks(this.chunks.map(put), this.turn);
  }

  /** Notes that the rows from `first` to `last` are in sight, and says what has to be read again for that. */
  seen(first: number, last: number): { chunks: Chunks; missing: { before: number; size: number }[] } {
    const turn = this.turn + 1;
    const missing: { before: number; size: number }[] = [];
    let start = 0;
    const chunks = this.chunks.map((chunk, index) => {
      const isSeen = start <= last && start + chunk.size > first;
      start += chunk.size;
      const before = this.chunks[index - 1]?.lastId;
      if (isSeen && chunk.rows === null && before !== undefined) missing.push({ before, size: chunk.size });
      return isSeen ? { ...chunk, seenAt: turn } : chunk;
    });
    return { chunks: new Chunks(chunks, turn), missing };
  }

  #chunksOf(rows: readonly ExchangeRow[]): Chunk[] {
    const [head, tail] = rows.length > MAX_SIZE ? [rows.slice(0, MAX_SIZE / 2), rows.slice(MAX_SIZE / 2)] : [rows, []];
    const last = head.at(-1);
    if (last === undefined) return [];
    return [{ rows: head, size: head.length, lastId: last.id, seenAt: this.turn }, ...this.#chunksOf(tail)];
  }

  #thinned(): Chunks {
    const held = this.chunks.filter(({ rows }) => rows !== null);
    if (held.length <= MAX_CHUNKS) return this;
    // The first one stays: everything new is put on top of it.
    const oldest = held.slice(1).reduce((a, b) => (b.seenAt < a.seenAt ? b : a));
    const chunks = this.chunks.map((chunk) => (chunk === oldest ? { ...chunk, rows: null } : chunk));
    return new Chunks(chunks, this.turn).#thinned();
  }
}
