import { ApiError, type Client, type ExchangeRow } from '$lib/api';

/** A request is recorded shortly after it was answered: its change may be on screen before. */
const RETRY_MS = [250, 1_000];
const MAX_KNOWN = 200;

/** The requests that changes were caused by; each is asked for once. */
export class KnownRequests {
  readonly #rows = new Map<number, Promise<ExchangeRow | null>>();

  constructor(private readonly client: Client) {}

  /** The request, or `null` if it is not kept any more. */
  row(id: number): Promise<ExchangeRow | null> {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const asked = this.#ask(id, RETRY_MS);
    this.#rows.set(id, asked);
    // What could not be asked is asked again the next time.
    asked.catch(() => this.#rows.delete(id));
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= MAX_KNOWN) break;
      this.#rows.delete(oldest);
    }
    return asked;
  }

  async #ask(id: number, [pause, ...later]: number[]): Promise<ExchangeRow | null> {
    try {
      return (await this.client.readExchange(id)).row;
    } catch (thrown) {
      if (ApiError.of(thrown).code !== 'notFound') throw thrown;
      if (pause === undefined) return null;
      await new Promise((resolve) => setTimeout(resolve, pause));
      return this.#ask(id, later);
    }
  }
}
