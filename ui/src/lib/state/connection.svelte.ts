import { ApiError, type ErrorCode, type Event } from '$lib/api';
import type { ConnectionState, Platform } from '$lib/platform';
import { Throttle } from './throttle';

/** Under a heavy load every batch of events can say that everything is to be read again. */
const RESYNC_MS = 1_000;

/** After an answer that was lost. */
const RELOAD_MS = 2_000;

/** Nobody answered, or nobody who lets this page in. */
const CONNECTION_ERRORS: ErrorCode[] = ['unreachable', 'unauthorized', 'forbiddenHost'];

/** Something that is read at the start, and again whenever it may have changed. */
interface Kept {
  read: () => Promise<void>;
  /** The event that says so; `undefined`: none does. */
  on: Event['type'] | undefined;
}

/** Whether the server answers, and what it tells by itself: its live events. */
export class Connection {
  /** `starting` until the first answer; `failed` while the server could not start, with the reason in `problem`. */
  phase = $state<'starting' | 'ready' | 'failed'>('starting');
  problem = $state('');
  /** The program runs, and does not let this browser in. */
  isSignedOut = $state(false);
  /** Whether what is on screen follows the server. While it does not, nothing may look live. */
  state = $state<ConnectionState>('live');

  readonly #kept: Kept[] = [];
  readonly #handlers = new Set<(batch: Event[]) => void>();
  readonly #reloads = new Throttle(() => this.reload(), RESYNC_MS);
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(private readonly platform: Platform) {}

  /** Follows the live events from now on, and reads everything. */
  async start(): Promise<void> {
    this.#stopWatching ??= this.platform.watchLive(
      (batch) => this.#apply(batch),
      (state) => (this.state = state),
    );
    await this.reload();
  }

  stop(): void {
    clearTimeout(this.#reloadTimer);
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#reloads.stop();
  }

  /**
   * Has `read` done with every reload, and when an event of the type `on` comes. Answers how to have it done in between; a
   * failure is the connection's, never the caller's.
   */
  keep(read: () => Promise<void>, on?: Event['type']): () => Promise<void> {
    this.#kept.push({ read, on });
    return () => this.#attempt(read);
  }

  /** Reads everything anew; also what "Try again" does after a failed start. */
  async reload(): Promise<void> {
    await this.#attempt(async () => {
      await Promise.all(this.#kept.map(({ read }) => read()));
      this.phase = 'ready';
    });
  }

  /** Calls `handler` with every live event, until the returned function is called. */
  onEvent(handler: (event: Event) => void): () => void {
    return this.onBatch((batch) => batch.forEach((event) => handler(event)));
  }

  /**
   * The same for each batch as it arrived: for those who behave differently when much happens at once. Who has asked first
   * hears of it first.
   */
  onBatch(handler: (batch: Event[]) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  #apply(batch: Event[]): void {
    for (const handler of this.#handlers) handler(batch);
    const types = new Set(batch.map(({ type }) => type));
    // Every connection starts with a resync; the very first one comes while start() reads the same things.
    if (types.has('resync')) this.#reloads.run();
    else for (const { read, on } of this.#kept) if (on !== undefined && types.has(on)) void this.#attempt(read);
  }

  async #attempt(reading: () => Promise<void>): Promise<void> {
    await reading().catch((thrown: unknown) => this.#fail(ApiError.of(thrown)));
  }

  #fail(error: ApiError): void {
    // What is on screen stays there, marked as not live. The next connection begins with reading everything.
    if (this.phase === 'ready' && CONNECTION_ERRORS.includes(error.code)) {
      this.#reloadLater();
      return;
    }
    this.problem = error.message;
    this.isSignedOut = error.code === 'unauthorized';
    this.phase = 'failed';
  }

  /** One answer can be lost while the connection for live events stays: nothing else would ask again. */
  #reloadLater(): void {
    clearTimeout(this.#reloadTimer);
    this.#reloadTimer = setTimeout(() => {
      if (this.state === 'live') void this.reload();
    }, RELOAD_MS);
  }
}
