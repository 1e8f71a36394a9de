import type { Page } from '$lib/api';
import { LiveList, type Reading } from './live-list.svelte';
import { PAGE_SIZE, Pages, pagesOf } from './pages';

/** A list of which the server counts all rows, and of which a few windows are held. */
export abstract class WindowedList<
  Row extends { id: string },
  Filter extends string = string,
  Answer extends Page<Row> = Page<Row>,
> extends LiveList<Row, Filter> {
  total = $state(0);

  protected pages = $state.raw(Pages.empty<Row>());
  #first = 0;
  #last = 0;

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

  protected readInSight(): Promise<Reading> {
    const numbers = this.generation === this.shownGeneration ? pagesOf(this.#first, this.#last) : [0];
    return this.ask(
      () => Promise.all(numbers.map((page) => this.list(page * PAGE_SIZE, PAGE_SIZE))),
      (answers) => {
        this.pages = answers.reduce((pages, { items }, at) => pages.with(numbers[at] ?? 0, items), Pages.empty<Row>());
        if (answers[0] !== undefined) this.take(answers[0]);
      },
    );
  }

  #loadPage(page: number): Promise<void> {
    return this.askForPart(
      `page ${page}`,
      () => this.list(this.offsetOf(page), PAGE_SIZE),
      (answer) => {
        this.pages = this.pages.with(page, answer.items);
        if (!this.isFrozen) this.take(answer);
      },
    );
  }
}
