import {
  ApiError,
  Client,
  type Directory,
  type Environment,
  type ErrorCode,
  type Event,
  type NoticePlace,
  type Organization,
  type ResourceKind,
  type Settings,
} from '$lib/api';
import type { Status, Tree, TunnelCheck } from '$lib/api';
import type { ConnectionState, Platform } from '$lib/platform';
import { Batches } from './batches.svelte';
import { IdentityProviders } from './identity-providers';
import { recall, remember } from './memory';
import { type DirectoryTab, type ExportedList, formatRoute, type OpenDialog, parseRoute, type Route } from './route';
import { Router } from './router.svelte';
import { SimulatorForm } from './simulator.svelte';
import { Unsaved } from './unsaved';
import { Throttle } from './throttle';

/** Under a heavy load every batch of events can say that everything is to be read again. */
const RESYNC_MS = 1_000;

/** Nobody answered, or nobody who lets this page in. */
const CONNECTION_ERRORS: ErrorCode[] = ['unreachable', 'unauthorized', 'forbiddenHost'];

/** How long something counts as just copied. */
const COPIED_MS = 1_500;

/** After an answer that was lost. */
const RELOAD_MS = 2_000;

const EMPTY_TREE: Tree = {
  environments: [],
  organizations: [],
  directories: [],
  unattributed: {
    users: 0,
    activeUsers: 0,
    groups: 0,
    exchanges: 0,
    errors: 0,
    writes: 0,
    notes: 0,
    pinned: 0,
    letGo: 0,
  },
};

/** A list that can be held. */
export interface LiveControl {
  readonly isPaused: boolean;
  togglePause: () => void;
}

/** The list of users or groups on screen. */
export interface ShownResources {
  /** What an export takes from it. */
  readonly exported: ExportedList;
  /** Selects nothing any more. */
  clear: () => void;
}

/** What the whole interface shares: the tree, how the server is doing, and where the person is. */
export class AppState {
  readonly client: Client;
  readonly platform: Platform;
  /** The forms that hold what is not saved. */
  readonly unsaved = new Unsaved();
  /** What is done with many users or groups at once. */
  readonly batches: Batches;
  readonly router = new Router(this.unsaved, {
    onshow: (route) => this.#follow(route),
    onleave: (go) => (this.dialog ??= { kind: 'leave', go }),
  });

  /** `starting` until the first answer; `failed` while the server could not start, with the reason in `problem`. */
  phase = $state<'starting' | 'ready' | 'failed'>('starting');
  problem = $state('');
  /** The program runs, and does not let this browser in. */
  isSignedOut = $state(false);
  /** Whether what is on screen follows the server. While it does not, nothing may look live. */
  connection = $state<ConnectionState>('live');
  tree = $state.raw<Tree>(EMPTY_TREE);
  status = $state.raw<Status | null>(null);
  settings = $state.raw<Settings | null>(null);
  identityProviders = $state.raw(new IdentityProviders());
  dialog = $state.raw<OpenDialog | null>(null);
  /** The list on screen that follows live events, if there is one. */
  live = $state.raw<LiveControl | null>(null);
  /** The list of users or groups on screen, if there is one. */
  shown = $state.raw<ShownResources | null>(null);
  /** What was copied last, other than with its own button. */
  copied = $state.raw<{ text: string } | null>(null);
  /** Whether the page about a port that could not be opened stands in front of the page asked for. */
  isPortProblemOpen = $state(true);

  #environmentId = $state(recall('environment'));
  #isFirstRunOpen = $state(false);
  readonly #handlers = new Set<(batch: Event[]) => void>();
  readonly #reloads = new Throttle(() => this.reload(), RESYNC_MS);
  readonly #notes = new Set<Directory[]>();
  #treesAsked = 0;
  #treeShown = 0;
  /** What is chosen for checking a server of others, which belongs to no directory. */
  readonly checkForm = SimulatorForm.forChecks();
  readonly #simulatorForms = new Map<string, SimulatorForm>();
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;
  #stopWatching: (() => void) | undefined;

  /** The environment in force: the chosen one, else the first. */
  readonly environment = $derived<Environment | null>(
    this.tree.environments.find(({ id }) => id === this.#environmentId) ?? this.tree.environments[0] ?? null,
  );
  /** The organizations of the environment in force. */
  readonly organizations = $derived<Organization[]>(this.#organizationsIn(this.environment?.id));
  /** The directories of the environment in force, those of an organization together. */
  readonly directories = $derived<Directory[]>(this.organizations.flatMap(({ id }) => this.directoriesOf(id)));
  /** Whether there is what the address names. */
  readonly isPlaceThere = $derived(this.#has(this.tree, this.route));
  /** Whether the first-run page is shown: until there is a directory, and from then on until the person leaves it. */
  readonly isFirstRun = $derived(
    this.#isFirstRunOpen ||
      (this.phase === 'ready' &&
        this.tree.organizations.length === 0 &&
        !['check', 'case'].includes(this.route.screen)),
  );

  /** What is wrong with the whole server, most severe first; what is wrong with one directory waits behind it. */
  readonly serverProblem = $derived.by(() => {
    if (this.status?.listener.state === 'failed') return 'notListening';
    return this.status?.recordingProblem ? 'notRecording' : null;
  });

  /** The directories of the environment in force whose provider still has a former base URL. */
  readonly movedDirectories = $derived<Directory[]>(this.directories.filter(({ formerUrl }) => formerUrl !== null));

  constructor(platform: Platform) {
    this.platform = platform;
    this.client = new Client(platform);
    this.batches = new Batches(this.client);
    this.onBatch((events) => this.batches.apply(events));
  }

  /** Reads everything and follows the live events from then on. */
  async start(): Promise<void> {
    this.#stopWatching ??= this.platform.watchLive(
      (batch) => this.apply(batch),
      (state) => (this.connection = state),
    );
    const isAddressed = this.router.start();
    await this.reload();
    if (this.phase === 'ready' && !isAddressed) this.router.replace(this.#remembered());
    else this.#follow(this.route);
    this.isPortProblemOpen = true;
  }

  stop(): void {
    clearTimeout(this.#reloadTimer);
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.router.stop();
    this.#reloads.stop();
  }

  /** Reads tree, status and settings anew; also what "Try again" does after a failed start. */
  async reload(): Promise<void> {
    await this.#attempt(async () => {
      await Promise.all([this.#readTree(), this.#readStatus(), this.#readIdentityProviders()]);
      this.phase = 'ready';
    });
  }

  /** Calls `handler` with every live event, after the shared state has taken it in, until the returned function is called. */
  onEvent(handler: (event: Event) => void): () => void {
    return this.onBatch((batch) => batch.forEach((event) => handler(event)));
  }

  /** The same for each batch as it arrived: for those who behave differently when much happens at once. */
  onBatch(handler: (batch: Event[]) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Takes a batch of live events in and passes it on. */
  apply(batch: Event[]): void {
    for (const event of batch) {
      if (event.type === 'directory') this.#putDirectory(event.directory);
      else if (event.type === 'unattributed') this.tree = { ...this.tree, unattributed: event.counts };
    }
    const kinds = new Set(batch.map(({ type }) => type));
    // Every connection starts with a resync; the very first one comes while start() reads the same things.
    if (kinds.has('resync')) this.#reloads.run();
    else {
      if (kinds.has('tree')) void this.readTree();
      if (kinds.has('status')) void this.#attempt(() => this.#readStatus());
    }
    for (const handler of this.#handlers) handler(batch);
  }

  /** Reads the tree anew: after a change of one's own there is no need to wait for the event. */
  readTree(): Promise<void> {
    return this.#attempt(() => this.#readTree());
  }

  /** Says no more that the program was not there. */
  async dismissAbsence(): Promise<void> {
    if (this.status !== null) this.status = { ...this.status, absence: null };
    await this.client.dismissAbsence();
  }

  /** Says no more that the provider of a directory still has its former base URL. */
  async forgetFormerUrl(id: string): Promise<void> {
    await this.client.forgetFormerUrl(id);
    const directory = this.directory(id);
    if (directory !== null) this.#putDirectory({ ...directory, formerUrl: null });
  }

  /** What is chosen in the simulator of a directory: it stays while the person looks at something else. */
  simulatorForm({ id, provider }: Directory): SimulatorForm {
    const known = this.#simulatorForms.get(id);
    const simulated = this.identityProviders.simulatedOf(provider.track);
    known?.follow(simulated);
    if (known !== undefined) return known;
    const form = new SimulatorForm(simulated);
    this.#simulatorForms.set(id, form);
    return form;
  }

  /** Makes a directory that a simulated Okta fills, and shows it. */
  async startDemo(environmentId: string): Promise<void> {
    const { directory } = await this.client.startDemo(environmentId);
    await this.readTree();
    this.openDirectory(directory.id);
  }

  /** Removes such a directory, and its organization with it; asks first if something in it is real. */
  async removeDemo(id: string): Promise<void> {
    const contents = await this.client.readDemo(id);
    const { users, groups, exchanges } = contents.real;
    if (contents.hasToken || users + groups + exchanges > 0) {
      this.dialog = { kind: 'removeDemo', id, contents };
      return;
    }
    await this.client.deleteDemo(id);
    await this.readTree();
  }

  organization(id: string): Organization | null {
    return this.tree.organizations.find((organization) => organization.id === id) ?? null;
  }

  directory(id: string): Directory | null {
    return this.tree.directories.find((directory) => directory.id === id) ?? null;
  }

  /** Primary first, then by name, as the server sends them. */
  directoriesOf(organizationId: string): Directory[] {
    return this.tree.directories.filter((directory) => directory.organizationId === organizationId);
  }

  /** The directory on screen. */
  get currentDirectory(): Directory | null {
    return this.route.screen === 'directory' ? this.directory(this.route.id) : null;
  }

  /** The organization on screen, or that of the directory on screen. */
  get currentOrganizationId(): string | null {
    if (this.route.screen === 'organization') return this.route.id;
    return this.currentDirectory?.organizationId ?? null;
  }

  /** What the main pane shows. */
  get route(): Route {
    return this.router.route;
  }

  /** Shows a page; what is not saved on the one before is asked about first. */
  goTo(route: Route): void {
    this.router.go(route);
  }

  /** Goes back to where the person came from; home, if this page was the first one. */
  goBack(): void {
    if (this.router.canGoBack) history.back();
    else this.goTo({ screen: 'home' });
  }

  /** The link to a page, for a browser on this computer; `null` where only the window has the interface. */
  linkTo(route: Route): string | null {
    const url = this.platform.isWindow ? (this.status?.controlUrl ?? null) : this.platform.controlUrl;
    return url === null ? null : `${url}/#${formatRoute(route)}`;
  }

  /** Shows a directory, and with `open` one user, group or request in it. */
  openDirectory(id: string, tab: DirectoryTab = 'users', open?: string): void {
    this.goTo({ screen: 'directory', id, tab, open });
  }

  /** Shows a user or a group in the tab of its kind. */
  openResource(directoryId: string, kind: ResourceKind, id: string): void {
    this.openDirectory(directoryId, kind === 'user' ? 'users' : 'groups', id);
  }

  /** Shows a recorded request; `null`: it addresses no directory. */
  openRequest(directoryId: string | null, id: number): void {
    if (directoryId === null) this.goTo({ screen: 'unattributed', open: String(id) });
    else this.openDirectory(directoryId, 'requests', String(id));
  }

  /** Shows the requests of a directory that failed, and one of them. */
  openErrors(id: string, exchangeId: number | null): void {
    this.goTo({ screen: 'directory', id, tab: 'requests', show: 'errors', open: exchangeId?.toString() });
  }

  /** Shows the newest request that nearly addressed a directory: in it, or among those that match none. */
  openMisaddressed({ id, misaddressed }: Pick<Directory, 'id' | 'misaddressed'>): void {
    if (misaddressed !== null) this.openRequest(misaddressed.isUnmatched ? null : id, misaddressed.exchangeId);
  }

  /** Asks whether to generate the token of a directory, or to replace the one in force. */
  askForToken({ id, token }: Pick<Directory, 'id' | 'token'>): void {
    this.dialog = { kind: token === null ? 'token' : 'rotateToken', id };
  }

  /** Closes the dialog that is open. */
  closeDialog = (): void => {
    this.dialog = null;
  };

  /** Does what the dialog asked about. */
  finishDialog(go: () => void): void {
    this.closeDialog();
    go();
  }

  /** Goes where a notification leads; a directory that is gone leads nowhere. */
  openPlace(place: NoticePlace): void {
    if (place.screen === 'settings') this.goTo({ screen: 'settings' });
    else if (this.directory(place.id) !== null) this.openDirectory(place.id, place.tab, place.open ?? undefined);
  }

  /** Shows a recorded request in a window of its own. */
  openRequestAlone(id: number): Promise<void> {
    return this.platform.openWindow(formatRoute({ screen: 'request', id: String(id) }));
  }

  /** Puts a text on the clipboard; the button beside it shows that it is there. */
  async copy(text: string): Promise<void> {
    await this.platform.copyText(text);
    const copied = { text };
    this.copied = copied;
    setTimeout(() => {
      if (this.copied === copied) this.copied = null;
    }, COPIED_MS);
  }

  /** Switches the environment and shows its first directory. */
  chooseEnvironment(id: string): void {
    this.goTo(this.#homeOf(id));
  }

  /** Keeps the first-run page open although an organization exists now, for its last step. */
  holdFirstRun(): void {
    this.#isFirstRunOpen = true;
  }

  /** Opens the provisioning listener on `port`, and keeps that port when it worked. */
  async openListener(port: number): Promise<void> {
    this.#takeStatus(await this.client.openListener(port));
    await this.reload();
  }

  /** Takes the result of a check in; there is no need to wait for the event. */
  takeTunnelCheck(check: TunnelCheck): void {
    if (this.status === null) return;
    const others = this.status.tunnels.filter(({ environmentId }) => environmentId !== check.environmentId);
    this.status = { ...this.status, tunnels: [...others, check] };
  }

  /** Saves settings that show at once what they will be: several can be changed before the first one is saved. */
  async switchSettings(patch: Partial<Settings>): Promise<void> {
    if (this.settings !== null) this.settings = { ...this.settings, ...patch };
    try {
      await this.client.updateSettings(patch);
    } catch (thrown) {
      await this.#attempt(() => this.#readStatus());
      throw thrown;
    }
  }

  /** Saves settings; a changed port also moves the listener, and with it local base URLs. */
  async updateSettings(patch: Partial<Settings>): Promise<void> {
    this.settings = await this.client.updateSettings(patch);
    if (patch.port !== undefined) await this.reload();
  }

  /** What an address brings with it: the environment of what it shows, and a reload that shows it again. */
  #follow(route: Route): void {
    this.#isFirstRunOpen = false;
    this.isPortProblemOpen = false;
    const environmentId = this.#environmentOf(route);
    if (environmentId === null) return;
    this.#environmentId = environmentId;
    remember('environment', environmentId);
    if (route.screen !== 'request') remember('address', formatRoute(route));
    // An environment is looked at by what is in it.
    if (route.screen === 'home' && this.organizations.length > 0) this.router.replace(this.#homeOf(environmentId));
  }

  /** The environment that a page belongs to, if it is there; pages that belong to none are looked at in the one in force. */
  #environmentOf(route: Route): string | null {
    if (!this.#has(this.tree, route)) return null;
    switch (route.screen) {
      case 'directory':
        return this.organization(this.directory(route.id)?.organizationId ?? '')?.environmentId ?? null;
      case 'organization':
        return this.organization(route.id)?.environmentId ?? null;
      case 'home':
        return route.id ?? this.environment?.id ?? null;
      default:
        return this.environment?.id ?? null;
    }
  }

  #organizationsIn(environmentId: string | undefined): Organization[] {
    return this.tree.organizations.filter((organization) => organization.environmentId === environmentId);
  }

  /** Where an environment begins: with its first directory, else its first organization, else what is empty. */
  #homeOf(environmentId: string): Route {
    const organizations = this.#organizationsIn(environmentId);
    const directory = organizations.flatMap(({ id }) => this.directoriesOf(id))[0];
    if (directory !== undefined) return { screen: 'directory', id: directory.id, tab: 'users' };
    if (organizations[0] !== undefined) return { screen: 'organization', id: organizations[0].id };
    return { screen: 'home', id: environmentId };
  }

  /** Where the person was the last time, as far as it is still there. */
  #remembered(): Route {
    const route = parseRoute(recall('address') ?? '');
    // Where nothing is yet, a place that is remembered is of other data.
    return this.tree.organizations.length > 0 && this.#has(this.tree, route) ? route : { screen: 'home' };
  }

  /** Whether there is what an address names. */
  #has({ environments, organizations, directories }: Tree, route: Route): boolean {
    const isThere = (things: { id: string }[], id: string) => things.some((thing) => thing.id === id);
    switch (route.screen) {
      case 'home':
        return route.id === undefined || isThere(environments, route.id);
      case 'organization':
        return isThere(organizations, route.id);
      case 'directory':
        return isThere(directories, route.id);
      default:
        return route.screen !== 'unknown';
    }
  }

  #leaveWhatIsGone(former: Tree): void {
    for (const id of this.#simulatorForms.keys()) if (this.directory(id) === null) this.#simulatorForms.delete(id);
    // What never was here is an address that leads nowhere; the page says so.
    if (this.#has(former, this.route) && !this.#has(this.tree, this.route)) this.router.replace({ screen: 'home' });
    if (this.dialog !== null && 'id' in this.dialog && !this.#exists(this.dialog.id)) this.dialog = null;
    // What is on screen may have moved to another environment.
    this.#environmentId = this.#environmentOf(this.route) ?? this.#environmentId;
  }

  #exists(id: string): boolean {
    const { environments, organizations, directories } = this.tree;
    return [...environments, ...organizations, ...directories].some((thing) => thing.id === id);
  }

  /** Once: they are the same as long as the server runs. */
  async #readIdentityProviders(): Promise<void> {
    if (this.identityProviders.options.length > 0) return;
    this.identityProviders = new IdentityProviders(await this.client.listIdentityProviders());
  }

  async #readTree(): Promise<void> {
    const turn = ++this.#treesAsked;
    const meanwhile = this.#noteDirectories();
    try {
      const tree = await this.client.readTree();
      // What was asked for later is newer, and is shown already.
      if (turn < this.#treeShown) return;
      this.#treeShown = turn;
      const former = this.tree;
      this.tree = meanwhile.reduce(withDirectory, tree);
      this.#leaveWhatIsGone(former);
    } finally {
      this.#notes.delete(meanwhile);
    }
  }

  async #readStatus(): Promise<void> {
    const [status, settings] = await Promise.all([this.client.readStatus(), this.client.readSettings()]);
    this.settings = settings;
    this.#takeStatus(status);
  }

  #takeStatus(status: Status): void {
    const hasJustFailed = status.listener.state === 'failed' && this.status?.listener.state === 'listening';
    if (hasJustFailed) this.isPortProblemOpen = true;
    this.status = status;
  }

  #putDirectory(directory: Directory): void {
    this.tree = withDirectory(this.tree, directory);
    for (const note of this.#notes) note.push(directory);
  }

  /** Notes what live events say while an answer with the tree is on its way: that answer may be older than they are. */
  #noteDirectories(): Directory[] {
    const note: Directory[] = [];
    this.#notes.add(note);
    return note;
  }

  /** One answer can be lost while the connection for live events stays: nothing else would ask again. */
  #reloadLater(): void {
    clearTimeout(this.#reloadTimer);
    this.#reloadTimer = setTimeout(() => {
      if (this.connection === 'live') void this.reload();
    }, RELOAD_MS);
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
}

/** The tree with a directory as it is now; one that it does not have is not for it to add. */
function withDirectory(tree: Tree, directory: Directory): Tree {
  return { ...tree, directories: tree.directories.map((known) => (known.id === directory.id ? directory : known)) };
}
