import type {
  Backup,
  SetAside,
  Directory,
  Environment,
  Event,
  Organization,
  Settings,
  Status,
  Storage,
  Tree,
  IdentityProvider,
} from '$lib/api';
import { FakePlatform, type Answer } from './fake-platform';

// A control API in memory, just enough of one for the state classes.

export const environment: Environment = {
  id: 'env1',
  name: 'Local',
  publicUrl: null,
  localOnly: false,
  createdAt: '2026-06-07T12:00:00.000Z',
};

export const organization: Organization = {
  id: 'org1',
  environmentId: 'env1',
  name: 'Acme Corp',
  externalId: null,
  emailDomains: [],
  createdAt: '2026-06-07T12:00:00.000Z',
};

export const directory: Directory = {
  id: 'dir1',
  organizationId: 'org1',
  name: 'Okta',
  isPrimary: true,
  isDemo: false,
  forwarding: null,
  provider: {
    id: 'okta',
    track: 'okta-aiw',
    name: 'Okta',
    baseUrlField: 'SCIM connector base URL',
    tokenPlace: 'In Okta, Provisioning › Integration › Authorization',
    testPlace: 'Provisioning → Integration',
    groupsHint: null,
    preset: null,
  },
  policy: { mode: 'tolerant' },
  schemas: [],
  baseUrl: 'http://127.0.0.1:7246/scim/v2/dir1',
  baseUrlIsLocal: true,
  formerUrl: null,
  token: null,
  counts: { users: 0, activeUsers: 0, groups: 0, exchanges: 0, errors: 0, writes: 0, notes: 0, pinned: 0, letGo: 0 },
  createdAt: '2026-06-07T12:00:00.000Z',
  lastRequest: null,
  rejected: null,
  misaddressed: null,
  nameCollisions: [],
};

const identityProviders: IdentityProvider[] = [
  {
    id: 'okta',
    name: 'Okta',
    tracks: [
      { id: 'okta-aiw', app: 'Custom app with SCIM enabled', simulated: 'okta-aiw' },
      { id: 'okta-template', app: 'Test app from the catalog', simulated: 'okta-template' },
    ],
  },
  { id: 'entra', name: 'Entra ID', tracks: [{ id: 'entra', app: '', simulated: 'entra' }] },
];

export class FakeServer extends FakePlatform {
  tree: Tree = {
    environments: [environment],
    organizations: [organization],
    directories: [directory],
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
  backups: Backup[] = [];
  setAside: SetAside[] = [];
  storage: Storage = {
    bytes: 16_200_000,
    parts: [
      { what: 'requests', bytes: 12_000_000 },
      { what: 'history', bytes: 4_200_000 },
    ],
  };
  status: Status = {
    version: '0.1.0',
    commit: 'c21f765',
    dataFolder: '/data',
    dataBytes: 18_400_000,
    logFolder: '/data/logs',
    listener: { state: 'listening', address: '127.0.0.1:7246', port: 7246 },
    integrationListener: { state: 'listening', address: '127.0.0.1:7248', port: 7248 },
    controlUrl: null,
    recordingProblem: null,
    tunnels: [],
    stagedRestore: null,
    absence: null,
  };
  settings: Settings = {
    port: 7246,
    integrationPort: 7248,
    deactivatedIsDeleted: false,
    theme: 'system',
    keepExchanges: 5_000,
    keepMegabytes: 256,
    keepDays: null,
    keepChanges: 500,
    keepDeleted: 10_000,
    keepChangeDays: null,
    notify: { enabled: true, firstUser: true, connected: true, refused: true, tunnel: true, webhook: true },
    stayInTray: false,
  };
  /** While set, everything is answered with it. */
  failure: Answer | null = null;
  copied: string[] = [];
  readonly asked: { method: string; path: string; body: unknown }[] = [];
  readonly answers = new Map<string, Answer>();
  send: (batch: Event[]) => void = () => undefined;

  answer(method: string, path: string, body?: unknown): Promise<Answer> {
    this.asked.push({ method, path, body });
    return Promise.resolve(this.failure ?? this.answers.get(`${method} ${path}`) ?? this.#answer(path));
  }

  override watchLive(onBatch: (batch: Event[]) => void): () => void {
    this.send = onBatch;
    return () => (this.send = () => undefined);
  }

  override copyText(text: string): Promise<void> {
    this.copied.push(text);
    return Promise.resolve();
  }

  #answer(path: string): Answer {
    const bodies: Record<string, unknown> = {
      '/api/tree': this.tree,
      '/api/status': this.status,
      '/api/settings': this.settings,
      '/api/data': this.storage,
      '/api/data/backups': this.backups,
      '/api/data/set-aside': this.setAside,
      '/api/identity-providers': identityProviders,
    };
    if (path in bodies) return { status: 200, body: bodies[path] };
    return { status: 404, body: { code: 'notFound', message: 'There is nothing here.', field: null } };
  }
}
