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

  /** When a key was last used is read again after each request. */
  readonly #refreshes = new Throttle(() => this.#readKeys(), REFRESH_MS);

  constructor(
    private readonly client: Client,
    private readonly environmentId: string,
  ) {}

  load = async (): Promise<void> => {
    await this.#attempt(async () => {
      const [page] = await Promise.all([
        this.client.listApiCalls(this.environmentId, { limit: PAGE }),
        this.#readKeys(),
      ]);
      this.calls = page.items;
      this.hasMore = page.hasMore;
      this.phase = 'ready';
      this.problem = null;
    });
  };

  /** Reads older requests. */
  async more(): Promise<void> {
    const before = this.calls.at(-1)?.id;
    await this.#attempt(async () => {
      const page = await this.client.listApiCalls(this.environmentId, { limit: PAGE, before });
      this.calls = [...this.calls, ...page.items];
      this.hasMore = page.hasMore;
    });
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
    if (batch.some(({ type }) => type === 'resync')) void this.load();
    else if (arrived.length > 0) this.#put(arrived.reverse());
    if (batch.some((event) => event.type === 'apiKeys' && isOurs(event.environmentId))) this.#refreshes.run();
  }

  stop(): void {
    this.#refreshes.stop();
  }

  #put(arrived: ApiCall[]): void {
    const newest = this.calls[0]?.id ?? 0;
    const calls = [...arrived.filter(({ id }) => id > newest), ...this.calls];
    this.hasMore ||= calls.length > MOST;
    this.calls = calls.slice(0, MOST);
    this.#refreshes.run();
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
