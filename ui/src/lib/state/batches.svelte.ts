import { ApiError, type Batch, type Client, type Event } from '$lib/api';
import { Throttle } from './throttle';

/** Between two reads while a batch goes on. */
const REFRESH_MS = 200;

/** What is done with many users or groups of each directory at once: the newest that this window began, until it is dismissed. */
export class Batches {
  #batches = $state.raw<ReadonlyMap<string, Batch>>(new Map());
  readonly #refreshes = new Throttle(() => this.#refresh(), REFRESH_MS);

  /** `onend` is called with each that is over. */
  constructor(
    private readonly client: Client,
    private readonly onend: (batch: Batch) => void = () => undefined,
  ) {}

  of(directoryId: string): Batch | null {
    return this.#batches.get(directoryId) ?? null;
  }

  /** Follows one that has begun. */
  follow(batch: Batch): void {
    this.#put(batch);
    // It may be over before the first event is heard.
    this.#refreshes.run();
  }

  apply(events: Event[]): void {
    const isAbout = (event: Event) =>
      event.type === 'resync' || (event.type === 'batch' && this.#running.some(({ id }) => id === event.batchId));
    if (this.#running.length > 0 && events.some(isAbout)) this.#refreshes.run();
  }

  async stop({ id }: Batch): Promise<void> {
    this.#put(await this.client.stopBatch(id));
  }

  dismiss({ directoryId }: Batch): void {
    const others = new Map(this.#batches);
    others.delete(directoryId);
    this.#batches = others;
  }

  get #running(): Batch[] {
    return [...this.#batches.values()].filter(({ state }) => state !== 'finished');
  }

  #put(batch: Batch): void {
    const former = this.#batches.get(batch.directoryId);
    if (former?.id === batch.id && former.state === 'finished') return;
    this.#batches = new Map(this.#batches).set(batch.directoryId, batch);
    if (batch.state === 'finished') this.onend(batch);
  }

  async #refresh(): Promise<void> {
    await Promise.all(
      this.#running.map(async (batch) => {
        try {
          this.#put(await this.client.readBatch(batch.id));
        } catch (thrown) {
          // The program has begun anew and knows nothing of it. One that does not answer is asked again when it is back.
          if (ApiError.of(thrown).code === 'notFound') this.dismiss(batch);
        }
      }),
    );
  }
}
