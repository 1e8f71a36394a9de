import { ApiError, type Client, type Exchange, type ReplayPlan } from '$lib/api';

/** Repeating a recorded request: first what that would do, then doing it. */
export class Replay {
  plan = $state.raw<ReplayPlan | null>(null);
  problem = $state<string | null>(null);
  isBusy = $state(false);

  constructor(
    private readonly client: Client,
    private readonly exchangeId: number,
  ) {}

  /** Finds out what would happen. */
  async prepare(): Promise<void> {
    this.problem = null;
    try {
      this.plan = await this.client.readReplay(this.exchangeId);
    } catch (thrown) {
      this.problem = ApiError.of(thrown).message;
    }
  }

  /** Repeats the request; `null` if that did not work, with the reason in `problem`. */
  async carryOut(): Promise<Exchange | null> {
    if (this.isBusy) return null;
    this.isBusy = true;
    this.problem = null;
    try {
      return await this.client.replay(this.exchangeId);
    } catch (thrown) {
      this.problem = ApiError.of(thrown).message;
      return null;
    } finally {
      this.isBusy = false;
    }
  }
}
