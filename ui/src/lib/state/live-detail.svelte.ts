import { ApiError, type Event } from '$lib/api';
import { Throttle } from './throttle';

/** Between two reads while much happens to what is open: more often nobody can follow. */
const REFRESH_MS = 250;

/**
 * What is open beside a list, kept true while it is looked at. The former one stays in sight until the next has been read,
 * so that walking down a list does not flicker.
 */
export abstract class LiveDetail<Id, Detail> {
  id = $state<Id | null>(null);
  detail = $state.raw<Detail | null>(null);
  problem = $state<string | null>(null);
  /** What it is compared with: another request, or another moment of it. */
  with = $state<number | null>(null);
  readonly #refreshes = new Throttle(() => this.reload(), REFRESH_MS);

  protected abstract read(id: Id): Promise<Detail>;
  /** Whether what is open, `id`, may be another after `event`. */
  protected abstract concerns(event: Event, id: Id): boolean;

  /** The change after which it is looked at; `null`: as it is now. */
  get at(): number | null {
    return null;
  }

  /** Looks at what is open as it was after the change `seq`, if it keeps a history, or with `null` as it is now. */
  showAt(_seq: number | null): void {
    return;
  }

  /** Opens another one; the same one again only if it could not be read. */
  async open(id: Id): Promise<void> {
    if (this.id === id && this.problem === null) return;
    if (this.id !== id) this.with = null;
    this.id = id;
    this.problem = null;
    await this.reload();
  }

  close(): void {
    this.id = null;
    this.with = null;
    this.detail = null;
    this.problem = null;
  }

  recover(): void {
    if (this.problem !== null) this.#refreshes.run();
  }

  stop(): void {
    this.#refreshes.stop();
  }

  async reload(): Promise<void> {
    const { id } = this;
    if (id === null) return;
    try {
      const detail = await this.read(id);
      if (this.id !== id) return;
      this.detail = detail;
      this.problem = null;
      this.taken(id, detail);
    } catch (thrown) {
      if (this.id === id) this.fail(ApiError.of(thrown));
    }
  }

  /** Takes in a batch of live events. */
  apply(batch: Event[]): void {
    const { id } = this;
    if (id !== null && batch.some((event) => this.concerns(event, id))) this.#refreshes.run();
  }

  /** Called with each detail that is shown from now on. */
  protected taken(_id: Id, _detail: Detail): void {
    return;
  }

  protected fail(error: ApiError): void {
    this.problem = error.message;
  }
}
