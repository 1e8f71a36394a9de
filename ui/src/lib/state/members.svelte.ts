import { ApiError, type Client, type Event, type Page, type ResourceRef } from '$lib/api';
import { PAGE_SIZE, Pages, pagesOf } from './pages';
import { Throttle } from './throttle';

const REFRESH_MS = 250;
const SEARCH_MS = 120;

/** The members of the group that is open, in windows: now, or as they were after a change. */
export class Members {
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state<string | null>(null);
  total = $state(0);
  search = $state('');
  onlyUnknown = $state(false);
  /** Grows with each other question, for which the list starts at its top. */
  generation = $state(0);

  #pages = $state.raw(Pages.empty<ResourceRef>());
  #groupId: string | null = null;
  #at: number | null = null;
  #first = 0;
  #last = 0;
  #asked = 0;
  #answered = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #loading = new Set<string>();
  readonly #refreshes = new Throttle(() => this.#read(), REFRESH_MS);

  constructor(
    private readonly client: Client,
    private readonly directoryId: string,
  ) {}

  /** Shows the members of a group, now or (`at`) after a change. */
  open(groupId: string, at: number | null): void {
    if (groupId === this.#groupId && at === this.#at) return;
    if (groupId !== this.#groupId) {
      this.search = '';
      this.onlyUnknown = false;
      this.phase = 'loading';
      this.#pages = Pages.empty<ResourceRef>();
      this.total = 0;
    }
    this.#groupId = groupId;
    this.#at = at;
    void this.load();
  }

  load(): Promise<void> {
    this.generation += 1;
    if (this.phase === 'failed') this.phase = 'loading';
    [this.#first, this.#last] = [0, 0];
    return this.#read();
  }

  stop(): void {
    this.#refreshes.stop();
    clearTimeout(this.#timer);
  }

  rowAt(index: number): ResourceRef | undefined {
    return this.#pages.at(index);
  }

  setSearch(text: string): void {
    this.search = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), SEARCH_MS);
  }

  setOnlyUnknown(onlyUnknown: boolean): void {
    this.onlyUnknown = onlyUnknown;
    void this.load();
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

  /** What happens to the group and to people changes who is in it, and what they are called. */
  apply(batch: Event[]): void {
    const groupId = this.#groupId;
    if (groupId === null || this.#at !== null) return;
    const isConcerned = batch.some((event) => {
      if (event.type === 'resync') return true;
      if (event.type === 'drift') return event.directoryId === this.directoryId && event.ids.includes(groupId);
      return event.type === 'change' && event.change.resourceId === groupId;
    });
    if (isConcerned) this.#refreshes.run();
  }

  async #read(): Promise<void> {
    const { generation } = this;
    const turn = ++this.#asked;
    try {
      const numbers = pagesOf(this.#first, this.#last);
      const answers = await Promise.all(numbers.map((page) => this.#list(page)));
      if (generation !== this.generation || turn < this.#answered) return;
      this.#answered = turn;
      this.#pages = answers.reduce(
        (pages, { items }, at) => pages.with(numbers[at] ?? 0, items),
        Pages.empty<ResourceRef>(),
      );
      this.total = answers[0]?.total ?? 0;
      this.phase = 'ready';
      this.problem = null;
    } catch (thrown) {
      if (generation === this.generation) this.#fail(thrown);
    }
  }

  async #loadPage(page: number): Promise<void> {
    const { generation } = this;
    const key = `${generation}/${page}`;
    if (this.#loading.has(key)) return;
    this.#loading.add(key);
    try {
      const { items, total } = await this.#list(page);
      if (generation !== this.generation) return;
      this.#pages = this.#pages.with(page, items);
      this.total = total;
      this.problem = null;
    } catch (thrown) {
      if (generation === this.generation) this.#fail(thrown);
    } finally {
      this.#loading.delete(key);
    }
  }

  #list(page: number): Promise<Page<ResourceRef>> {
    const { search, onlyUnknown } = this;
    const at = this.#at === null ? {} : { at: this.#at };
    const query = { search, onlyUnknown, offset: page * PAGE_SIZE, limit: PAGE_SIZE, ...at };
    return this.client.listMembers(this.directoryId, this.#groupId ?? '', query);
  }

  #fail(thrown: unknown): void {
    this.problem = ApiError.of(thrown).message;
    if (this.phase === 'loading') this.phase = 'failed';
  }
}
