import type { CaseAbout, Client, Event, Exchange, ExchangeRow } from '$lib/api';
import { LiveDetail } from './live-detail.svelte';
import { LiveList } from './live-list.svelte';

/** The requests of a case, newest first. They never change. */
export class CaseExchanges extends LiveList<ExchangeRow> {
  about = $state.raw<CaseAbout | null>(null);
  #rows = $state.raw<ExchangeRow[]>([]);

  constructor(
    private readonly client: Client,
    private readonly caseId: string,
  ) {
    super();
  }

  get total(): number {
    return this.#rows.length;
  }

  rowAt(index: number): ExchangeRow | undefined {
    return this.#rows[index];
  }

  indexOf(id: number): number {
    return this.#rows.findIndex((row) => row.id === id);
  }

  showRange(): void {
    // All of them are here.
  }

  apply(): void {
    // Nothing that happens here is part of it.
  }

  protected async refresh(): Promise<void> {
    await this.ask(
      () => this.client.readCase(this.caseId),
      ({ about, exchanges }) => {
        this.about = about;
        this.#rows = exchanges;
      },
    );
  }
}

/** The request of a case whose details are open. */
export class OpenCaseExchange extends LiveDetail<number, Exchange> {
  constructor(
    private readonly client: Client,
    private readonly caseId: string,
  ) {
    super();
  }

  protected read(id: number): Promise<Exchange> {
    return this.client.readCaseExchange(this.caseId, id);
  }

  protected concerns(_event: Event): boolean {
    return false;
  }
}
