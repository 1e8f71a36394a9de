import { ApiError, type Batch, type Client, type Event } from '$lib/api';
import { recall, remember } from './memory';
import { Throttle } from './throttle';

/** Between two reads while a batch goes on. */
const REFRESH_MS = 200;

/** As many as the server can still tell of. */
const MOST_DISMISSED = 16;

const dismissed = (): string[] => recall('dismissed')?.split(',') ?? [];

/** What is done with many users or groups of each directory at once: the newest, until it is dismissed. */
export class Batches {
  #batches = $state.raw<ReadonlyMap<string, Batch>>(new Map());
  /** Directories that were on screen. */
  readonly #shown = new Set<string>();
  readonly #refreshes = new Throttle(() => this.#refresh(), REFRESH_MS);
  /** Called with each that ends, once. */
  onend: (batch: Batch) => void = () => undefined;

  constructor(private readonly client: Client) {}

  of(directoryId: string): Batch | null {
    return this.#batches.get(directoryId) ?? null;
  }

  /** Finds what is done in a directory, whoever began it: this window knows nothing of it if it has been loaded anew. */
  async find(directoryId: string): Promise<void> {
    this.#shown.add(directoryId);
    try {
      const newest = (await this.client.listBatches(directoryId)).at(-1);
      const known = this.of(directoryId);
      if (newest === undefined || dismissed().includes(newest.id)) return;
      // One that this window began meanwhile is newer.
      if (known !== null && known.startedAt > newest.startedAt) return;
      // What was over before it was first seen does not end now.
      if (newest.state === 'finished' && known?.id !== newest.id) this.#keep(newest);
      else this.follow(newest);
    } catch {
      // Without an answer it is asked again when there is a connection.
    }
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
    if (events.some(({ type }) => type === 'resync')) this.#shown.forEach((id) => void this.find(id));
  }

  async stop({ id }: Batch): Promise<void> {
    this.#put(await this.client.stopBatch(id));
  }

  dismiss({ id, directoryId }: Batch): void {
    remember('dismissed', [id, ...dismissed()].slice(0, MOST_DISMISSED).join());
    const others = new Map(this.#batches);
    others.delete(directoryId);
    this.#batches = others;
  }

  get #running(): Batch[] {
    return [...this.#batches.values()].filter(({ state }) => state !== 'finished');
  }

  #put(batch: Batch): void {
    const former = this.of(batch.directoryId);
    if (former?.id === batch.id && former.state === 'finished') return;
    this.#keep(batch);
    if (batch.state === 'finished') this.onend(batch);
  }

  #keep(batch: Batch): void {
    this.#batches = new Map(this.#batches).set(batch.directoryId, batch);
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
