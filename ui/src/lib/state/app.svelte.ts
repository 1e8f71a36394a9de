import { Client } from '$lib/api';
import type { Platform } from '$lib/platform';
import { Announcer } from './announcer.svelte';
import { Batches } from './batches.svelte';
import { Clipboard } from './clipboard.svelte';
import { Clock } from './clock.svelte';
import { Commands } from './commands.svelte';
import { Connection } from './connection.svelte';
import { Dialogs } from './dialogs.svelte';
import { FirstRun } from './first-run.svelte';
import { IdentityProviders } from './identity-providers.svelte';
import { OnScreen } from './on-screen.svelte';
import { RequestMarks } from './request-marks.svelte';
import { Router } from './router.svelte';
import { Server } from './server.svelte';
import { SimulatorForms } from './simulator-form.svelte';
import { TunnelWatch } from './tunnel-watch.svelte';
import { Unsaved } from './unsaved';
import { Workspace } from './workspace.svelte';

/** What the whole interface shares, and how its parts begin and end together; what each part knows stands there. */
export class AppState {
  readonly client: Client;
  readonly connection: Connection;
  readonly unsaved = new Unsaved();
  readonly router: Router;
  readonly workspace: Workspace;
  readonly server: Server;
  readonly dialogs: Dialogs;
  readonly firstRun: FirstRun;
  readonly identityProviders = new IdentityProviders();
  readonly simulatorForms: SimulatorForms;
  readonly batches: Batches;
  readonly tunnel: TunnelWatch;
  readonly clipboard: Clipboard;
  readonly clock = new Clock();
  readonly announcer = new Announcer();
  readonly onScreen = new OnScreen();
  readonly commands = new Commands();
  readonly marks: RequestMarks;

  constructor(readonly platform: Platform) {
    this.client = new Client(platform);
    this.connection = new Connection(platform);
    this.router = new Router(this.unsaved, {
      onshow: (route) => {
        this.firstRun.leave();
        this.server.isPortProblemOpen = false;
        this.workspace.follow(route);
      },
      onleave: (go) => this.dialogs.askToLeave(go),
    });
    this.workspace = new Workspace(this.client, this.connection, this.router);
    this.server = new Server(this.client, this.connection);
    this.dialogs = new Dialogs(this.workspace);
    this.firstRun = new FirstRun(this.connection, this.workspace, this.router);
    this.connection.keep(() => this.identityProviders.read(this.client));
    this.simulatorForms = new SimulatorForms(this.workspace, this.identityProviders);
    this.batches = new Batches(this.client);
    this.connection.onBatch((events) => this.batches.apply(events));
    this.tunnel = new TunnelWatch(this.client, this.connection, this.workspace, this.server);
    this.clipboard = new Clipboard(platform);
    this.marks = new RequestMarks(this.client, this.dialogs, this.announcer);
  }

  /** Reads everything, follows the live events from then on, and shows the place that is asked for, else the last one. */
  async start(): Promise<void> {
    const isAddressed = this.router.start();
    await this.connection.start();
    if (this.connection.phase === 'ready' && !isAddressed) this.router.replace(this.workspace.lastPlace);
    else this.workspace.follow(this.router.route);
    this.server.isPortProblemOpen = true;
  }

  stop(): void {
    this.connection.stop();
    this.router.stop();
  }
}
