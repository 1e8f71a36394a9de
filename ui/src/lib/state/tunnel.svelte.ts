import { ApiError, type CheckedUrl, type DetectedTunnels, type Environment } from '$lib/api';
import type { AppState } from './app.svelte';
import { Submission } from './submission.svelte';

/** The form for an environment's public URL: what is typed, what the server makes of it, and saving it. */
export class TunnelForm {
  url = $state('');
  localOnly = $state(false);
  /** What was taken away from the URL as it was pasted, in words. */
  trimmed = $state<string | null>(null);
  /** The URL in force since the last save; `undefined` before one, `null` for none. */
  saved = $state<string | null | undefined>(undefined);
  /** What the tunnel programs on this machine said, until something is typed or saved. */
  detected = $state.raw<DetectedTunnels | null>(null);
  readonly submission = new Submission();
  readonly detection = new Submission();

  constructor(
    private readonly app: Pick<AppState, 'client' | 'workspace'>,
    private readonly environment: Environment,
  ) {
    this.url = environment.publicUrl ?? '';
    this.localOnly = environment.localOnly;
  }

  /** What is wrong, for the line under the field. */
  get problem(): string | null {
    return this.submission.error?.message ?? null;
  }

  /**
   * Checks what is typed without saving it: on leaving the field. It keeps nobody from saving meanwhile, and what it
   * finds about a text that is no longer there is dropped.
   */
  async check(): Promise<void> {
    const typed = this.url;
    if (typed.trim() === '') return;
    const checked = await this.#ask().catch((thrown: unknown) => ApiError.of(thrown));
    if (this.url !== typed || this.submission.isBusy) return;
    if (checked instanceof ApiError) this.submission.error = checked;
    else this.#take(checked);
  }

  /** Saves the tidied URL, or none if nothing is typed; answers whether it did. */
  async save(): Promise<boolean> {
    return this.submission.run(async () => {
      if (this.url.trim() !== '') this.#take(await this.#ask());
      const publicUrl = this.url.trim() || null;
      const { id } = this.environment;
      const saved = await this.app.client.updateEnvironment(id, { publicUrl, localOnly: this.localOnly });
      this.saved = saved.publicUrl;
      this.detected = null;
      await this.app.workspace.read();
    });
  }

  /** Asks the tunnel programs on this machine, and fills in the best of what they offer. Nothing is saved. */
  async detect(): Promise<void> {
    await this.detection.run(async () => {
      const detected = await this.app.client.detectTunnels();
      const best = detected.offers[0];
      if (best !== undefined) this.use(best.url);
      this.detected = detected;
    });
  }

  /** Fills in a URL that was offered. */
  use(url: string): void {
    const { detected } = this;
    this.edited();
    this.url = url;
    this.detected = detected;
  }

  /** Typing starts anew: what was said about the former text is no longer true. */
  edited(): void {
    this.detected = null;
    this.trimmed = null;
    this.saved = undefined;
    this.submission.error = null;
  }

  #ask(): Promise<CheckedUrl> {
    return this.app.client.checkPublicUrl(this.url.trim(), this.localOnly);
  }

  #take(checked: CheckedUrl): void {
    // A second look at the tidied URL finds nothing to trim: what was said about the first stays true.
    if (checked.trimmed !== null) this.trimmed = checked.trimmed;
    this.url = checked.url;
  }
}
