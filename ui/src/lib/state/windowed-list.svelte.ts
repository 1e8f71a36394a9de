import type { Page } from '$lib/api';
import { LiveList } from './live-list.svelte';
import { PAGE_SIZE, Pages, pagesOf } from './pages';

/**
 * What became of reading the windows in sight: their rows are shown; a later answer is shown already; the question is
 * another by now; the list was frozen meanwhile; or there was no answer.
 */
type Reading = 'shown' | 'overtaken' | 'outdated' | 'held' | 'failed';

/** A list of which the server counts all rows, and of which a few windows are held. */
export abstract class WindowedList<
  Row extends { id: string },
  Filter extends string = string,
  Answer extends Page<Row> = Page<Row>,
> extends LiveList<Row, Filter> {
  total = $state(0);

  protected pages = $state.raw(Pages.empty<Row>());
  #shownGeneration = -1;
  #asked = 0;
  #answered = 0;
  #first = 0;
  #last = 0;
  readonly #loading = new Set<string>();

  protected abstract list(offset: number, limit: number): Promise<Answer>;

  rowAt(index: number): Row | undefined {
    return this.pages.at(index);
  }

  indexOf(id: string): number {
    return this.pages.indexOf(id);
  }

  showRange(first: number, last: number): void {
    [this.#first, this.#last] = [first, last];
    if (this.phase !== 'ready') return;
    for (const page of pagesOf(first, last)) {
      if (page * PAGE_SIZE >= this.total) continue;
      if (!this.pages.has(page)) void this.#loadPage(page);
      else if (this.pages.size > 1) this.pages = this.pages.seen(page);
    }
  }

  protected async refresh(): Promise<void> {
    await this.readInSight();
  }

  /** Takes in what an answer says of the whole list. */
  protected take({ total }: Answer): void {
    this.total = total;
  }

  /** Where `page` begins by now. */
  protected offsetOf(page: number): number {
    return page * PAGE_SIZE;
  }

  protected async readInSight(): Promise<Reading> {
    const { generation } = this;
    const turn = ++this.#asked;
    try {
      const numbers = generation === this.#shownGeneration ? pagesOf(this.#first, this.#last) : [0];
      const answers = await Promise.all(numbers.map((page) => this.list(page * PAGE_SIZE, PAGE_SIZE)));
      if (generation !== this.generation) return 'outdated';
      if (this.isFrozen && this.#shownGeneration === generation) return 'held';
      if (turn < this.#answered) return 'overtaken';
      this.#answered = turn;
      this.pages = answers.reduce((pages, { items }, at) => pages.with(numbers[at] ?? 0, items), Pages.empty<Row>());
      if (answers[0] !== undefined) this.take(answers[0]);
      this.#shownGeneration = generation;
      this.phase = 'ready';
      this.problem = null;
      return 'shown';
    } catch (thrown) {
      if (generation !== this.generation) return 'outdated';
      this.fail(thrown);
      return 'failed';
    }
  }

  async #loadPage(page: number): Promise<void> {
    const { generation } = this;
    const key = `${generation}/${page}`;
    if (this.#loading.has(key)) return;
    this.#loading.add(key);
    try {
      const answer = await this.list(this.offsetOf(page), PAGE_SIZE);
      if (generation !== this.generation) return;
      this.pages = this.pages.with(page, answer.items);
      if (!this.isFrozen) this.take(answer);
      this.problem = null;
    } catch (thrown) {
      if (generation === this.generation) this.fail(thrown);
    } finally {
      this.#loading.delete(key);
    }
  }
}
