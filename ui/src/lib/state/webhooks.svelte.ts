import { ApiError, type Client, type Delivery, type Event, type Webhook } from '$lib/api';
import { Throttle } from './throttle';

/** Deliveries that are read at once, and that are held at the most while new ones arrive. */
const PAGE = 50;
const MOST = 1_000;

/** Between two reads while much happens. */
const REFRESH_MS = 1_000;

/** The webhooks of one environment, and how they are doing. */
export class Webhooks {
  all = $state.raw<Webhook[]>([]);
  isReady = $state(false);
  problem = $state<string | null>(null);

  readonly #refreshes = new Throttle(() => this.load(), REFRESH_MS);

  constructor(
    private readonly client: Client,
    private readonly environmentId: string,
  ) {}

  load = async (): Promise<void> => {
    try {
      this.all = await this.client.listWebhooks(this.environmentId);
      this.isReady = true;
      this.problem = null;
    } catch (thrown) {
      this.problem = ApiError.of(thrown).message;
    }
  };

  apply(batch: Event[]): void {
    const isOurs = (event: Event) =>
      event.type === 'resync' ||
      ((event.type === 'webhooks' || event.type === 'delivery') && event.environmentId === this.environmentId);
    if (batch.some(isOurs)) this.#refreshes.run();
  }

  stop(): void {
    this.#refreshes.stop();
  }
}

/** What one webhook sent and what waits. */
export class DeliveryLog {
  /** The newest first. */
  deliveries = $state.raw<Delivery[]>([]);
  hasMore = $state(false);
  isReading = $state(false);
  isReady = $state(false);
  problem = $state<string | null>(null);

  /** What was told of while a page is read. */
  #arrived: Delivery[] = [];
  #reads = 0;

  constructor(
    private readonly client: Client,
    private readonly webhookId: string,
  ) {}

  /** Reads the newest ones, in the place of all that were there: some may have gone. */
  load = (): Promise<void> => this.#read();

  /** Reads older ones. */
  async more(): Promise<void> {
    if (!this.isReading) await this.#read(this.deliveries.at(-1)?.id);
  }

  show(delivery: Delivery): void {
    this.#show([delivery, ...this.deliveries], this.hasMore);
  }

  apply(batch: Event[]): void {
    // With a directory, what was sent about its users and groups goes.
    if (batch.some(({ type }) => type === 'resync' || type === 'tree')) void this.load();
    const ours = batch.flatMap((event) =>
      event.type === 'delivery' && event.delivery.webhookId === this.webhookId ? [event.delivery] : [],
    );
    // The newest state of each comes last.
    if (ours.length === 0) return;
    this.#arrived = [...ours.reverse(), ...this.#arrived];
    this.#show([...this.#arrived, ...this.deliveries], this.hasMore);
  }

  stop = (): void => undefined;

  async #read(before?: number): Promise<void> {
    const read = ++this.#reads;
    const isNewest = () => read === this.#reads;
    this.isReading = true;
    this.#arrived = [];
    try {
      const page = await this.client.listDeliveries(this.webhookId, { limit: PAGE, before });
      if (!isNewest()) return;
      const known = before === undefined ? this.#arrived : this.deliveries;
      this.#show([...page.items, ...known], page.hasMore);
      this.isReady = true;
      this.problem = null;
    } catch (thrown) {
      if (isNewest()) this.problem = ApiError.of(thrown).message;
    } finally {
      if (isNewest()) this.isReading = false;
    }
  }

  /** Each once, the newest first: as it was after most attempts, else as it is told of first. */
  #show(deliveries: Delivery[], hasMore: boolean): void {
    const known = new Map<number, Delivery>();
    for (const delivery of deliveries) {
      const other = known.get(delivery.id);
      if (other === undefined || delivery.attempts > other.attempts) known.set(delivery.id, delivery);
    }
    const sorted = [...known.values()].sort((a, b) => b.id - a.id);
    this.hasMore = hasMore || sorted.length > MOST;
    this.deliveries = sorted.slice(0, MOST);
  }
}
