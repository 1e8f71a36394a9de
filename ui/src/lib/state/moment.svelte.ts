import { ApiError, type ResourceAt } from '$lib/api';

/** The point of its history at which the open resource is looked at; none: as it is now. */
export class Moment {
  /** The number of the change after which it is looked at. */
  seq = $state<number | null>(null);
  then = $state.raw<ResourceAt | null>(null);
  problem = $state<string | null>(null);
  #id: string | null = null;

  constructor(private readonly read: (id: string, seq: number) => Promise<ResourceAt>) {}

  /** Looks at the resource `id` as it was after the change `seq`. The former point stays in sight until this one is read. */
  async open(id: string, seq: number): Promise<void> {
    if (this.#id !== id) this.then = null;
    this.#id = id;
    this.seq = seq;
    this.problem = null;
    try {
      const then = await this.read(id, seq);
      if (this.#isAt(id, seq)) this.then = then;
    } catch (thrown) {
      if (!this.#isAt(id, seq)) return;
      this.then = null;
      this.problem = ApiError.of(thrown).message;
    }
  }

  /** Goes back to now. */
  close(): void {
    this.#id = null;
    this.seq = null;
    this.then = null;
    this.problem = null;
  }

  /** Reads again what differs from now, which has changed. */
  async refresh(): Promise<void> {
    if (this.#id !== null && this.seq !== null && this.then !== null) await this.open(this.#id, this.seq);
  }

  #isAt(id: string, seq: number): boolean {
    return this.#id === id && this.seq === seq;
  }
}
