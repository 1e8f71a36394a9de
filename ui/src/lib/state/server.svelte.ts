import type { Client, Settings, Status, TunnelCheck } from '$lib/api';
import type { Connection } from './connection.svelte';

/** How the server is doing, and how it is set. */
export class Server {
  status = $state.raw<Status | null>(null);
  settings = $state.raw<Settings | null>(null);
  /** Whether the page about a port that could not be opened stands in front of the page asked for. */
  isPortProblemOpen = $state(true);
  readonly #read: () => Promise<void>;

  /** What is wrong with all of it, most severe first; what is wrong with one directory waits behind it. */
  readonly problem = $derived.by(() => {
    if (this.status?.listener.state === 'failed') return 'notListening';
    return this.status?.recordingProblem ? 'notRecording' : null;
  });

  constructor(
    private readonly client: Client,
    private readonly connection: Connection,
  ) {
    this.#read = connection.keep(async () => {
      const [status, settings] = await Promise.all([client.readStatus(), client.readSettings()]);
      this.settings = settings;
      this.#take(status);
    }, 'status');
  }

  /** Opens the provisioning listener on `port`, and keeps that port when it worked. */
  async openListener(port: number): Promise<void> {
    this.#take(await this.client.openListener(port));
    await this.connection.reload();
  }

  /** Saves settings; a changed port also moves the listener, and with it local base URLs. */
  async updateSettings(patch: Partial<Settings>): Promise<void> {
    this.settings = await this.client.updateSettings(patch);
    if (patch.port !== undefined) await this.connection.reload();
  }

  /** Saves settings that show at once what they will be: several can be changed before the first one is saved. */
  async switchSettings(patch: Partial<Settings>): Promise<void> {
    if (this.settings !== null) this.settings = { ...this.settings, ...patch };
    try {
      await this.client.updateSettings(patch);
    } catch (thrown) {
      await this.#read();
      throw thrown;
    }
  }

  /** Takes the result of a check in; there is no need to wait for the event. */
  takeTunnelCheck(check: TunnelCheck): void {
    if (this.status === null) return;
    const others = this.status.tunnels.filter(({ environmentId }) => environmentId !== check.environmentId);
    this.status = { ...this.status, tunnels: [...others, check] };
  }

  /** Says no more that the program was not there. */
  async dismissAbsence(): Promise<void> {
    if (this.status !== null) this.status = { ...this.status, absence: null };
    await this.client.dismissAbsence();
  }

  #take(status: Status): void {
    const hasJustFailed = status.listener.state === 'failed' && this.status?.listener.state === 'listening';
    if (hasJustFailed) this.isPortProblemOpen = true;
    this.status = status;
  }
}
