import type { Counts } from './api';
import { listInWords, plural } from './format';

// All strings about what is done with a whole directory. The same rules as in words.ts.

export const words = {
  menu: {
    duplicate: 'Duplicate…',
    move: 'Move…',
    reset: 'Reset…',
  },
  duplicate: {
    title: (name: string) => `Duplicate ${name}`,
    lead: 'The copy gets the settings, not the people: a base URL and a token of its own.',
    name: (name: string) => `${name} copy`,
    confirm: 'Duplicate',
  },
  move: {
    title: (name: string) => `Move ${name}`,
    lead: 'People, requests, base URL and token move with it.',
    otherUrl: (provider: string) =>
      `The base URL changes with the environment: paste the new one into ${provider} afterwards.`,
    confirm: 'Move',
  },
  reset: {
    title: (name: string) => `Reset ${name}?`,
    lead: ({ users, groups, exchanges }: Counts) => {
      const gone = [plural(users, 'user'), plural(groups, 'group'), plural(exchanges, 'request')];
      return `${listInWords([...gone, 'what you ticked in the setup guide'])} will be deleted. Base URL, token and settings stay.`;
    },
    confirm: 'Reset',
    done: (name: string) => `${name} reset`,
  },
};
