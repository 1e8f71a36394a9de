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
    lead: 'Copies the settings and the choice of the setup guide, not users, groups or requests. The copy has its own base URL; generate a token for it.',
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
      const counts = [
        [users, 'user'],
        [groups, 'group'],
        [exchanges, 'request'],
      ] as const;
      const gone = counts.filter(([n]) => n > 0).map(([n, one]) => plural(n, one));
      return `${listInWords([...gone, 'your checkmarks in the setup guide'])} will be deleted. Base URL, token and settings stay.`;
    },
    confirm: 'Reset',
    done: (name: string) => `${name} reset`,
  },
};
