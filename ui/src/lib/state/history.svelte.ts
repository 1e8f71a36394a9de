import { ApiError, type History as HistoryPage, type HistoryEntry } from '$lib/api';

/** Entries that are read at a time. */
const SOME = 50;

/**
 * The history of the resource that is open, newest first. Its newest entries come with the resource itself, again each
 * time that it changes; older ones are read when the person asks for them.
 */
export class History {
  entries = $state.raw<HistoryEntry[]>([]);
  total = $state(0);
  /** Whether there were earlier changes that are no longer kept. */
  isCut = $state(false);
  isLoading = $state(false);
  problem = $state<string | null>(null);
  #id: string | null = null;

  constructor(private readonly read: (id: string, before: number, limit: number) => Promise<HistoryPage>) {}

  get hasMore(): boolean {
    return this.entries.length < this.total;
  }

  /** Takes in the newest entries of the resource `id`; what was read of older ones is kept. */
  take(id: string, newest: HistoryPage): void {
    const last = newest.items.at(-1)?.change.seq ?? 0;
    const reachesOlder = this.entries.some(({ change }) => change.seq === last);
    const older = this.#id === id && reachesOlder ? this.entries.filter(({ change }) => change.seq < last) : [];
    this.#id = id;
    this.entries = [...newest.items, ...older];
    this.total = newest.total;
    this.isCut = newest.isCut;
    this.problem = null;
  }

  async more(): Promise<void> {
    const [id, last] = [this.#id, this.entries.at(-1)];
    if (id === null || last === undefined || this.isLoading || !this.hasMore) return;
    this.isLoading = true;
    try {
      const { items, total, isCut } = await this.read(id, last.change.seq, SOME);
      if (this.#id !== id) return;
      const known = new Set(this.entries.map(({ change }) => change.seq));
      this.entries = [...this.entries, ...items.filter(({ change }) => !known.has(change.seq))];
      this.total = total;
      this.isCut = isCut;
      this.problem = null;
    } catch (thrown) {
      if (this.#id === id) this.problem = ApiError.of(thrown).message;
    } finally {
      this.isLoading = false;
    }
  }
}
