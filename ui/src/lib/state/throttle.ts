/**
 * Runs `work` at once as long as there are runs left, and one more every `pauseMs`, but never twice at a time; calls in
 * between become one more run. What is asked for is thus never lost, and a burst of calls costs a steady trickle of work.
 */
export class Throttle {
  #left: number;
  #isRunning = false;
  #isWanted = false;
  #isStopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** After a rest, `burst` runs need not wait. */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly pauseMs: number,
    private readonly burst = 1,
  ) {
    this.#left = burst;
  }

  run(): void {
    this.#isWanted = true;
    this.#next();
  }

  /** Nothing runs any more, not even what was asked for. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #next(): void {
    if (!this.#isWanted || this.#isRunning || this.#isStopped || this.#left === 0) return;
    this.#isWanted = false;
    this.#isRunning = true;
    this.#left -= 1;
    void this.work().finally(() => {
      this.#isRunning = false;
      if (this.#isStopped) return;
      this.#timer ??= setTimeout(this.#refill, this.pauseMs);
      this.#next();
    });
  }

  readonly #refill = (): void => {
    this.#left += 1;
    this.#timer = this.#left < this.burst ? setTimeout(this.#refill, this.pauseMs) : undefined;
    this.#next();
  };
}
