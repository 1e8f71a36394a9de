import type { ApiKey } from './api';

// All strings of the tab "Your app". The same rules as in words.ts.

export const words = {
  title: 'Your app',
  loading: 'Loading…',
  problem: 'What your app uses could not be read.',

  address: {
    title: 'Where your app reads',
    lead: 'Your app lists the users and groups of this directory, and follows what happens to them, at an address on this machine. An app written for SSOReady only changes its base URL.',
    url: 'Base URL of the API',
    closed: 'The API for your app has no port.',
    choose: 'Choose a port…',
    isPrimary: (organization: string) =>
      `This is the Primary directory of ${organization}: your app reads it when it asks by organization.`,
    notPrimary: (organization: string, primary: string) =>
      `An app that asks by organization reads ${primary}, the Primary directory of ${organization}. This one is read only by its own ID.`,
    noPrimary: (organization: string) =>
      `${organization} has no Primary directory, so an app that asks by organization gets an error. This one is read only by its own ID.`,
    makePrimary: 'Make this one Primary',
  },

  keys: {
    title: (environment: string) => `API keys for ${environment}`,
    lead: 'A key reads every directory of its environment. It can’t change anything.',
    none: 'No API key yet. Your app needs one.',
    create: 'Create API key…',
    last: (four: string) => `ends in ${four}`,
    created: (ago: string) => `created ${ago}`,
    used: (ago: string) => `used ${ago}`,
    neverUsed: 'never used',
    revoked: (ago: string) => `revoked ${ago}`,
    revoke: 'Revoke…',
    revokeNamed: ({ name }: ApiKey) => `Revoke ${name}…`,
  },

  create: {
    title: 'Create API key',
    lead: 'Give it the name of the app that uses it.',
    name: 'Name',
    confirm: 'Create key',
    createdTitle: 'Your new API key',
    onlyOnce: 'Copy the key now. It is shown only this once.',
    copied: 'I copied the key',
    notYet: 'Copy the key first',
    key: 'API key',
  },

  revoke: {
    title: ({ name }: ApiKey) => `Revoke ${name}?`,
    lead: 'The very next request with this key is refused. A revoked key can’t be brought back.',
    confirm: 'Revoke key',
  },

  code: {
    title: 'Read it from your code',
    language: 'Language',
    copy: 'Code',
    key: 'The code takes the key from the environment variable SCIM_SETUP_API_KEY.',
  },

  calls: {
    title: 'What your app asked for',
    lead: 'With any key of this environment, and with unknown keys or none.',
    none: 'Nothing yet. Requests appear here the moment your app sends them.',
    older: 'Show older',
    unknownKey: 'unknown key',
    noKey: 'no key',
    request: 'Request',
    response: 'Response',
    body: 'Response body',
    delete: 'Delete these…',
  },

  deleteCalls: {
    title: 'Delete what your app asked for?',
    lead: 'The requests listed here are deleted. Users, groups and API keys stay, and new requests are recorded.',
    confirm: 'Delete requests',
    done: 'Requests deleted',
  },

  settings: {
    port: 'Port for your app',
    portHint: 'Your app reads users, groups and events here. It never goes through the tunnel.',
    portConsequence: 'Changing the port changes the base URL in your app.',
    portSaved: (address: string) => `Your app now reads from ${address}.`,
    deactivated: 'Deactivated users',
    deactivatedHint: 'What your app is told of a user who was deactivated.',
    deactivatedSwitch: 'Say that they are deleted, as SSOReady does',
  },
};
