import { type ApiCall, type ApiKey, ApiError, type Client, type Event } from '$lib/api';
import { Throttle } from './throttle';

/** Requests that are read at once, and that are held at the most while new ones arrive. */
const PAGE = 100;
const MOST = 1_000;

/** Between two reads of the keys while much happens. */
const REFRESH_MS = 1_000;

/** What the software under test uses of one environment: its keys, and what it asked for. */
export class AppAccess {
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state<string | null>(null);
  keys = $state.raw<ApiKey[]>([]);
  /** The newest first. */
  calls = $state.raw<ApiCall[]>([]);
  hasMore = $state(false);
  isReading = $state(false);

  /** How often what was asked for was deleted: an answer from before has what is gone. */
  #deletions = 0;

  /** When a key was last used is read again after each request. */
  readonly #refreshes = new Throttle(() => this.#readKeys(), REFRESH_MS);

  constructor(
    private readonly client: Client,
    readonly environmentId: string,
  ) {}

  load = async (): Promise<void> => {
    const deletions = this.#deletions;
    await this.#attempt(async () => {
      const [page] = await Promise.all([
        this.client.listApiCalls(this.environmentId, { limit: PAGE }),
        this.#readKeys(),
      ]);
      if (deletions !== this.#deletions) return;
      // What has arrived meanwhile stays.
      this.#show([...this.calls, ...page.items], page.hasMore);
      this.phase = 'ready';
      this.problem = null;
    });
  };

  /** Reads older requests. */
  async more(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    const [before, deletions] = [this.calls.at(-1)?.id, this.#deletions];
    await this.#attempt(async () => {
      const page = await this.client.listApiCalls(this.environmentId, { limit: PAGE, before });
      if (deletions !== this.#deletions) return;
      this.#show([...this.calls, ...page.items], page.hasMore);
    });
    this.isReading = false;
  }

  /** The key that a request had, if it is known. */
  keyOf({ apiKeyId }: ApiCall): ApiKey | undefined {
    return this.keys.find(({ id }) => id === apiKeyId);
  }

  apply(batch: Event[]): void {
    const isOurs = (id: string | null) => id === null || id === this.environmentId;
    const arrived = batch.flatMap((event) =>
      event.type === 'apiCall' && isOurs(event.call.environmentId) ? [event.call] : [],
    );
    const areDeleted = batch.some(({ type }) => type === 'apiCallsDeleted');
    if (areDeleted) {
      this.#deletions += 1;
      this.calls = [];
    }
    if (areDeleted || batch.some(({ type }) => type === 'resync')) void this.load();
    else if (arrived.length > 0) {
      this.#show([...arrived, ...this.calls], this.hasMore);
      this.#refreshes.run();
    }
    if (batch.some((event) => event.type === 'apiKeys' && isOurs(event.environmentId))) this.#refreshes.run();
  }

  stop(): void {
    this.#refreshes.stop();
  }

  /** Each request once, the newest first. */
  #show(calls: ApiCall[], hasMore: boolean): void {
    const known = [...new Map(calls.map((call) => [call.id, call])).values()].sort((a, b) => b.id - a.id);
    this.hasMore = hasMore || known.length > MOST;
    this.calls = known.slice(0, MOST);
  }

  async #readKeys(): Promise<void> {
    this.keys = await this.client.listApiKeys(this.environmentId);
  }

  async #attempt(reading: () => Promise<void>): Promise<void> {
    try {
      await reading();
    } catch (thrown) {
      this.problem = ApiError.of(thrown).message;
      if (this.phase === 'loading') this.phase = 'failed';
    }
  }
}
