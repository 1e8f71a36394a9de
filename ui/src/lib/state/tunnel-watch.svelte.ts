import { ApiError, type Client, type TunnelCheck } from '$lib/api';
import type { Connection } from './connection.svelte';
import type { Server } from './server.svelte';
import type { Workspace } from './workspace.svelte';

/** A result is looked at anew after this time, while the window is visible: free tunnels count requests. */
export const RECHECK_MS = 5 * 60_000;
/** How often the age of the result is looked at. */
export const TICK_MS = 15_000;
/** Coming back to the window asks again only after this time. */
export const FRESH_MS = 30_000;
/** A tick that comes this late means that the machine slept. */
export const SLEPT_MS = 60_000;

/**
 * Whether the tunnel of the environment in force leads here: asked on demand, when the URL or the port changes, every five
 * minutes while the window is visible, and on coming back to it, to the network or from sleep.
 */
export class TunnelWatch {
  /** Why the last question could not be asked at all. */
  error = $state.raw<ApiError | null>(null);

  #asking = $state<string | null>(null);
  /** The subject of the last question, and when it was asked. */
  #asked: { subject: string; at: number } | null = null;
  #tickedAt = 0;
  #unsubscribe: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly client: Client,
    private readonly connection: Connection,
    private readonly workspace: Workspace,
    private readonly server: Server,
  ) {}

  /** What a result is about: it says nothing about another URL or port. `null`: there is nothing to check. */
  get subject(): string | null {
    const { environment } = this.workspace;
    const { status } = this.server;
    if (!environment?.publicUrl || status === null) return null;
    const { state, port } = status.listener;
    return [environment.id, environment.publicUrl, state, port].join(' ');
  }

  get isChecking(): boolean {
    return this.#asking !== null && this.#asking === this.subject;
  }

  /** The newest result for the URL in force. */
  get check(): TunnelCheck | null {
    const { environment } = this.workspace;
    const { status } = this.server;
    const isItsOwn = ({ environmentId, url }: TunnelCheck) =>
      environmentId === environment?.id && url === environment.publicUrl;
    return status?.tunnels.find(isItsOwn) ?? null;
  }

  /** What to show of the hop through the tunnel. */
  get state(): 'none' | 'unchecked' | 'checking' | TunnelCheck['outcome'] {
    if (!this.workspace.environment?.publicUrl) return 'none';
    return this.check?.outcome ?? (this.isChecking ? 'checking' : 'unchecked');
  }

  /** The same of the wire between the tunnel and this app. */
  get wire(): 'on' | 'broken' | 'plain' {
    return this.state === 'works' ? 'on' : this.state === 'problem' ? 'broken' : 'plain';
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#tickedAt = Date.now();
    this.#timer = setInterval(this.#tick, TICK_MS);
    document.addEventListener('visibilitychange', this.#comeBack);
    window.addEventListener('online', this.#comeBack);
    // What nobody could be asked is asked when somebody answers again.
    this.#unsubscribe = this.connection.onBatch((batch) => {
      if (this.error !== null && batch.some(({ type }) => type === 'resync')) void this.ask();
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#unsubscribe?.();
    this.#timer = undefined;
    document.removeEventListener('visibilitychange', this.#comeBack);
    window.removeEventListener('online', this.#comeBack);
  }

  /** Asks now; answers with the result, or `null` if there is none. */
  async ask(): Promise<TunnelCheck | null> {
    const { subject } = this;
    const { environment } = this.workspace;
    if (subject === null || environment === null || this.isChecking) return null;
    this.#asking = subject;
    this.#asked = { subject, at: Date.now() };
    try {
      const check = await this.client.checkTunnel(environment.id);
      this.error = null;
      this.server.takeTunnelCheck(check);
      return check;
    } catch (thrown) {
      this.error = ApiError.of(thrown);
      return null;
    } finally {
      if (this.#asking === subject) this.#asking = null;
    }
  }

  /** Asks if the last question was about something else or is older than `maxAge`, and somebody is looking. */
  refresh(maxAge = RECHECK_MS): void {
    const { subject } = this;
    if (subject === null || document.hidden) return;
    const isFresh = this.#asked?.subject === subject && Date.now() - this.#asked.at < maxAge;
    if (!isFresh) void this.ask();
  }

  #comeBack = (): void => this.refresh(FRESH_MS);

  #tick = (): void => {
    const now = Date.now();
    const hasSlept = now - this.#tickedAt > SLEPT_MS;
    this.#tickedAt = now;
    this.refresh(hasSlept ? FRESH_MS : RECHECK_MS);
  };
}
