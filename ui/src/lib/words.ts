import { capital, listInWords, plural } from './format';

// All strings of the shell and its dialogs, in one place and ready for translation. Plain, present tense, sentence case; an
// "…" means that more will be asked; the provider's field names are quoted exactly.

// `provider` is the identity provider of a directory as it stands in running text: "Okta", "your provider".

export const words = {
  productName: 'SCIM Setup',
  pageTitle: (parts: string[]) => [...parts, 'SCIM Setup'].join(' · '),
  skipToContent: 'Skip to content',

  nowhere: {
    title: 'Nothing at this link',
    hint: 'It was deleted, or it belongs to another SCIM Setup. A link works only on the computer it was copied on, while SCIM Setup is running.',
    leave: 'Go to directories',
  },

  common: {
    cancel: 'Cancel',
    save: 'Save',
    done: 'Done',
    tryAgain: 'Try again',
    name: 'Name',
    more: 'More actions',
    edit: 'Edit',
    delete: 'Delete…',
    primary: 'Primary',
  },

  copy: {
    copy: 'Copy',
    copied: 'Copied',
    failed: 'Press Ctrl C',
    done: (what: string) => `${what} copied`,
    /** `Copy base URL`; an abbreviation stays one: `Copy API key`. */
    name: (label: string, what: string) => `${label} ${what.replace(/^.(?!\p{Lu})/u, (first) => first.toLowerCase())}`,
    baseUrl: 'Base URL',
    baseUrlOf: (directory: string) => `Base URL of ${directory}`,
    command: 'Command',
    address: 'Address',
    copyLink: 'Copy link',
    link: 'Link',
    token: 'Token',
  },

  sidebar: {
    label: 'Directories',
    organizations: 'Organizations',
    newOrganization: 'New organization',
    newDirectoryIn: (organization: string) => `New directory in ${organization}`,
    directory: (name: string, users: number, health: string) => `${name}, ${plural(users, 'user')}. ${health}`,
    switchEnvironment: (name: string) => `Environment ${name}`,
    newEnvironment: 'New environment…',
    renameEnvironment: (name: string) => `Edit ${name}…`,
    deleteEnvironment: (name: string) => `Delete ${name}…`,
    settings: 'Settings',
    about: 'About and shortcuts',
    empty: 'No organizations yet.',
    users: (n: number) => plural(n, 'user'),
  },

  dot: {
    live: (ago: string) => `Last request ${ago}`,
    connected: (ago: string) => `Connected, last request ${ago}`,
    waiting: 'No request yet',
    rejected: 'The last request was rejected',
    down: 'The SCIM server is not listening',
    unknown: 'Unknown: the connection to SCIM Setup is lost',
  },

  network: {
    addTunnel: 'Add a tunnel URL',
    unknown: 'Not known',
    portProblem: (port: number) => `Port ${port} is in use`,
    open: 'Network: open settings',
  },

  tunnel: {
    more: 'More',
    moreDetail: 'tailscale, bore, caddy, where to get them',
    check: 'Check now',
    checkAgain: 'Check again',
    checking: 'Checking…',
    notChecked: 'Not checked yet',
    checked: (ago: string) => `checked ${ago}`,
    reachable: (roundTrip: string) => `Reachable · ${roundTrip}`,
    unreachable: (ago: string) => `Unreachable · checked ${ago}`,
    unknown: 'Could not be checked',
    steps: {
      dns: 'DNS',
      tls: 'TLS',
      app: 'Reaches this app',
      path: 'Path preserved',
      authorization: 'Authorization header kept',
    },
    stepStates: { passed: 'Passed', failed: 'Failed', notChecked: 'Not checked' },
    result: 'Result of the check',
    detect: 'Detect',
    detected: (agent: string, upstream: string | null) =>
      `${agent} · ${upstream ?? 'does not say where it forwards to'}`,
    use: 'Use',
    useUrl: (url: string) => `Use ${url}`,
    filledIn: 'Filled in above.',
    commands: 'Run one of these to start a tunnel to this app:',
    get: 'Install one of them:',
    commandsHint:
      'Any other reverse proxy works too, if it forwards every path unchanged. bore speaks plain http; identity providers need https.',
    anyProvider: 'your identity provider',
    cannotReach: (provider: string) => `${capital(provider)} cannot reach this machine.`,
    seeFailed: 'See what failed',
  },

  path: {
    provider: 'Okta',
    providerOf: capital,
    orAnother: 'Or another provider',
    notConnected: 'Not connected yet',
    connected: 'Connected',
    waiting: 'Waiting',
    tunnel: 'Your tunnel',
    notSet: 'Not set',
    app: 'SCIM Setup',
    listening: (address: string) => `Listening on ${address}`,
    notListening: 'Not listening',
    describe: (nodes: { title: string; text: string }[]) =>
      `${nodes.map(({ title, text }) => `${title}: ${text}`).join('. ')}.`,
  },

  firstRun: {
    welcome: 'Welcome',
    title: (provider: string) => `Bring ${provider} to your machine`,
    lead: 'A SCIM 2.0 server is running on this computer. Give your identity provider a way in, and its users and groups appear here as they arrive.',
    pasteTunnel: 'Paste your tunnel URL',
    tunnelHint: 'The public https address that forwards to this machine.',
    test: 'Test',
    tunnelPlaceholder: 'https://your-name.ngrok.app',
    tunnelMissing: 'Paste the address that your tunnel prints, or skip this for now.',
    noTunnelBefore: 'No tunnel yet? Forward one to',
    noTunnelAfter: 'and paste the address it prints.',
    skip: 'Skip for now',
    skipHint: 'The simulator works without a tunnel.',
    tunnelSaved: 'Tunnel URL saved',
    tunnelSkipped: 'No tunnel for now',
    tunnelSkippedHint: 'The base URL works on this machine only until you add one in Settings.',
    change: 'Change',
    createDirectory: 'Create a directory',
    createHintLater: 'Name an organization, such as Acme Corp.',
    createHint: 'One directory stands for one customer’s connection. You can add more later.',
    otherDirectory: 'SCIM',
    otherProvider: 'your identity provider',
    created: (directory: string) => `Directory ${directory} created`,
    copyInto: (provider: string) => `Copy into ${provider}`,
    copyIntoHint: (provider: string) =>
      `Paste a base URL and a bearer token, shown once, into the SCIM settings of ${provider}.`,
    openDirectory: 'Open directory',
  },

  organization: {
    newTitle: 'New organization',
    newLead: 'One of your app’s customers. It contains directories.',
    create: 'Create organization',
    editTitle: 'Edit organization',
    externalId: 'External id',
    externalIdHint: 'Its id in your app. Optional.',
    emailDomains: 'Email domains',
    emailDomainsHint: 'Separate several with commas: example.com, example.org. Optional.',
    createDirectory: 'Create SCIM directory',
    directories: 'Directories',
    empty: 'No directories yet',
    emptyHint: 'A directory gives an identity provider a base URL and a token of its own.',
  },

  environment: {
    newTitle: 'New environment',
    newLead: 'Has its own public address, for example one tunnel. It contains organizations.',
    create: 'Create environment',
    editTitle: 'Edit environment',
    tunnelHint: 'The public https address that forwards to this machine. Leave it empty for this machine only.',
    localOnly: 'This machine only (allow http and private hosts)',
    emptyTitle: (name: string) => `${name} has no organizations yet`,
    emptyHint: 'An organization is one of your app’s customers. Create one, then give it a directory.',
  },

  directory: {
    newTitle: 'New directory',
    newLead: 'Each directory has its own base URL, token, users and groups.',
    organization: 'Organization',
    newOrganization: 'New organization…',
    organizationName: 'Organization name',
    provider: 'Identity provider',
    providerHint: 'Picks the setup guide. Any provider can connect.',
    makePrimary: (organization: string) => `Make it the primary directory of ${organization}`,
    create: 'Create directory',
    editTitle: 'Edit directory',
    isPrimary: (organization: string) => `Primary directory of ${organization}`,
    copyBaseUrl: 'Copy base URL',
    tabs: 'Sections of this directory',
    users: 'Users',
    groups: 'Groups',
    requests: 'Requests',
    guide: 'Setup guide',
    simulator: 'Simulator',
  },

  remove: {
    title: (name: string) => `Delete ${name}?`,
    lead: 'This cannot be undone.',
    whatGoes: (parts: string[]) => `${listInWords(parts)} will be deleted too.`,
    nothingGoes: 'It is empty.',
    counting: 'Counting its contents…',
    typeName: (name: string) => `Type ${name} to confirm`,
    mismatch: (name: string) => `Type “${name}” exactly as it is written.`,
    organization: 'Delete organization',
    environment: 'Delete environment',
    directory: 'Delete directory',
    contents: {
      organizations: (n: number) => plural(n, 'organization'),
      directories: (n: number) => plural(n, 'directory', 'directories'),
      users: (n: number) => plural(n, 'user'),
      groups: (n: number) => plural(n, 'group'),
      exchanges: (n: number) => plural(n, 'recorded request'),
    },
  },

  settings: {
    title: 'Settings',
    tunnel: 'Tunnel URL',
    tunnelHint: 'The public https address your identity provider calls. It must forward to this machine.',
    tunnelOf: (environment: string) => `For the environment ${environment}.`,
    tunnelSaved: 'Saved.',
    tunnelCleared: 'Saved. Base URLs now work on this machine only.',
    baseUrlsChanged: (providers: string[], n: number) =>
      `The base URL changed. Update it in ${listInWords(providers)} for ${plural(n, 'directory', 'directories')}.`,
    listen: 'Listen on',
    listenHint: 'Only this computer can connect to it directly.',
    port: 'Port',
    portHint: 'Changing the port means restarting your tunnel.',
    portSaved: (address: string) => `Listening on ${address} now. Restart your tunnel for the new port.`,
    portRange: 'Port must be between 1024 and 65535.',
    theme: 'Theme',
    themeHint: 'Follows your system unless you choose.',
    system: 'System',
    light: 'Light',
    dark: 'Dark',
    keep: 'Keep requests',
    keepHint:
      'Older ones are deleted. Users and groups are always kept. The newest 200 requests without one of your tokens are kept separately.',
    keepAfter: 'per directory,',
    keepLabel: 'Requests kept per directory',
    keepRange: 'Keep between 100 and 1,000,000 requests.',
    megabytesBefore: 'up to',
    megabytesAfter: 'MB in total',
    megabytesLabel: 'Megabytes of requests kept in total',
    megabytesRange: 'Keep between 10 and 100,000 MB of requests.',
    history: 'Keep history',
    historyHint:
      'Older changes to a user or group are deleted; its creation and its current state stay. Deleted users and groups beyond these limits are forgotten, along with their history.',
    historyAge: 'Age of changes',
    changesAfter: 'changes to each user and group,',
    changesLabel: 'Changes kept for each user and group',
    changesRange: 'Keep between 10 and 100,000 changes to each user and group.',
    deletedAfter: 'deleted users and groups per directory',
    deletedLabel: 'Deleted users and groups kept per directory',
    deletedRange: 'Keep between 10 and 100,000 deleted users and groups per directory.',
    version: (version: string) => `Version ${version}`,
    control: 'Control API',
    controlHint: 'Scripts on this machine can do everything this window can.',
    controlKey: 'The file control.json in the data folder has its address and key while SCIM Setup runs.',
  },

  problem: {
    port: (port: number) => `Port ${port} is already in use`,
    portConsequence:
      'Requests from your identity provider fail until this is fixed. Your directories are safe and still readable.',
    tryPort: (port: number) => `Try ${port} again`,
    usePort: (port: number) => `Use port ${port}`,
    choosePort: 'Choose a port…',
    restartTunnel: 'If you switch ports, restart your tunnel too:',
    choosePortTitle: 'Choose a port',
    choosePortLead: 'Your tunnel has to forward to the same port.',
    open: 'Use this port',
    notListening: 'The SCIM server is not listening.',
    fix: 'Show options',
    startup: 'SCIM Setup could not start',
    recording: 'Some requests were not recorded.',
  },
} as const;

/** The command that forwards a tunnel of ngrok to `port`. */
export const ngrokCommand = (port: number) => `ngrok http ${port}`;
/** The command that forwards a tunnel of Cloudflare to `port`. */
export const cloudflaredCommand = (port: number) => `cloudflared tunnel --url http://127.0.0.1:${port}`;
/** The command that runs Caddy as a reverse proxy to `port`. */
export const caddyCommand = (port: number) => `caddy reverse-proxy --from scim.example.com --to 127.0.0.1:${port}`;
/** The command that opens `port` through Tailscale's funnel. */
export const tailscaleCommand = (port: number) => `tailscale funnel ${port}`;
/** The command that forwards a port of bore's public server to `port`. */
export const boreCommand = (port: number) => `bore local ${port} --to bore.pub`;
