import type { Client, Directory, Environment, Event, Organization, Tree } from '$lib/api';
import type { Connection } from './connection.svelte';
import { recall, remember } from './memory';
import { formatRoute, parseRoute, type Route } from './route';
import type { Router } from './router.svelte';

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

/** What there is: environments with their organizations and directories, which environment is in force, and what of it is on screen. */
export class Workspace {
  tree = $state.raw<Tree>(EMPTY_TREE);
  /** Reads the tree anew: after a change of one's own there is no need to wait for the event. */
  readonly read: () => Promise<void>;

  /** The environment in force: the chosen one, else the first. */
  readonly environment = $derived<Environment | null>(
    this.tree.environments.find(({ id }) => id === this.#environmentId) ?? this.tree.environments[0] ?? null,
  );
  /** The organizations of the environment in force. */
  readonly organizations = $derived<Organization[]>(this.#organizationsIn(this.environment?.id));
  /** The directories of the environment in force, those of an organization together. */
  readonly directories = $derived<Directory[]>(this.organizations.flatMap(({ id }) => this.directoriesOf(id)));
  /** Those of them whose provider still has a former base URL. */
  readonly movedDirectories = $derived<Directory[]>(this.directories.filter(({ formerUrl }) => formerUrl !== null));
  /** Whether there is what the address names. */
  readonly isPlaceThere = $derived(has(this.tree, this.router.route));

  #environmentId = $state(recall('environment'));
  /** What live events say while an answer with the tree is on its way: that answer may be older than they are. */
  readonly #notes = new Set<Directory[]>();
  #treesAsked = 0;
  #treeShown = 0;

  constructor(
    private readonly client: Client,
    connection: Connection,
    private readonly router: Router,
  ) {
    this.read = connection.keep(() => this.#read(), 'tree');
    connection.onEvent((event) => this.#apply(event));
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

  /** Whether there is an environment, organization or directory of this id. */
  has(id: string): boolean {
    const { environments, organizations, directories } = this.tree;
    return [environments, organizations, directories].some((things) => isAmong(things, id));
  }

  /** The directory on screen. */
  get currentDirectory(): Directory | null {
    const { route } = this.router;
    return route.screen === 'directory' ? this.directory(route.id) : null;
  }

  /** The organization on screen, or that of the directory on screen. */
  get currentOrganizationId(): string | null {
    const { route } = this.router;
    return route.screen === 'organization' ? route.id : (this.currentDirectory?.organizationId ?? null);
  }

  /** Where the person was the last time, as far as it is still there. */
  get lastPlace(): Route {
    const route = parseRoute(recall('address') ?? '');
    // Where nothing is yet, a place that is remembered is of other data.
    return this.tree.organizations.length > 0 && has(this.tree, route) ? route : { screen: 'home' };
  }

  /** Switches the environment and shows its first directory. */
  chooseEnvironment(id: string): void {
    this.router.go(this.#homeOf(id));
  }

  /** What an address brings with it: the environment of what it shows, and a reload that shows it again. */
  follow(route: Route): void {
    const environmentId = this.#environmentOf(route);
    if (environmentId === null) return;
    this.#environmentId = environmentId;
    remember('environment', environmentId);
    if (route.screen !== 'request') remember('address', formatRoute(route));
    // An environment is looked at by what is in it.
    if (route.screen === 'home' && this.organizations.length > 0) this.router.replace(this.#homeOf(environmentId));
  }

  /** Makes a directory that a simulated Okta fills, and shows it. */
  async startDemo(environmentId: string): Promise<void> {
    const { directory } = await this.client.startDemo(environmentId);
    await this.read();
    this.router.openDirectory(directory.id);
  }

  /** Says no more that the provider of a directory still has its former base URL. */
  async forgetFormerUrl(id: string): Promise<void> {
    await this.client.forgetFormerUrl(id);
    const directory = this.directory(id);
    if (directory !== null) this.#put({ ...directory, formerUrl: null });
  }

  #apply(event: Event): void {
    if (event.type === 'directory') this.#put(event.directory);
    else if (event.type === 'unattributed') this.tree = { ...this.tree, unattributed: event.counts };
  }

  #put(directory: Directory): void {
    this.tree = withDirectory(this.tree, directory);
    for (const note of this.#notes) note.push(directory);
  }

  async #read(): Promise<void> {
    const turn = ++this.#treesAsked;
    const meanwhile: Directory[] = [];
    this.#notes.add(meanwhile);
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

  #leaveWhatIsGone(former: Tree): void {
    // What never was here is an address that leads nowhere; the page says so.
    if (has(former, this.router.route) && !this.isPlaceThere) this.router.replace({ screen: 'home' });
    // What is on screen may have moved to another environment.
    this.#environmentId = this.#environmentOf(this.router.route) ?? this.#environmentId;
  }

  /** The environment that a page belongs to, if it is there; pages that belong to none are looked at in the one in force. */
  #environmentOf(route: Route): string | null {
    if (!has(this.tree, route)) return null;
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
}

function isAmong(things: { id: string }[], id: string): boolean {
  return things.some((thing) => thing.id === id);
}

/** Whether there is what an address names. */
function has({ environments, organizations, directories }: Tree, route: Route): boolean {
  switch (route.screen) {
    case 'home':
      return route.id === undefined || isAmong(environments, route.id);
    case 'organization':
      return isAmong(organizations, route.id);
    case 'directory':
      return isAmong(directories, route.id);
    default:
      return route.screen !== 'unknown';
  }
}

/** The tree with a directory as it is now; one that it does not have is not for it to add. */
function withDirectory(tree: Tree, directory: Directory): Tree {
  return { ...tree, directories: tree.directories.map((known) => (known.id === directory.id ? directory : known)) };
}
