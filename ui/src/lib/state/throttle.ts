/**
 * Runs `work` at once, then at most every `pauseMs` and never twice at a time; calls in between become one more run. What
 * is asked for is thus never lost, and a burst of calls costs a steady trickle of work.
 */
export class Throttle {
  #isRunning = false;
  #isWanted = false;
  #isStopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly pauseMs: number,
  ) {}

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
    if (!this.#isWanted || this.#isRunning || this.#isStopped || this.#timer !== undefined) return;
    this.#isWanted = false;
    this.#isRunning = true;
    void this.work().finally(() => {
      this.#isRunning = false;
      if (this.#isStopped) return;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, this.pauseMs);
    });
  }
}
