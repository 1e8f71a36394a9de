import type { Mode, ResourceKind } from '$lib/api';
import type { LineProblem } from './extensions';
import { count } from './format';

// All strings of a directory's policy and of the extensions that it declares, but for its presets and switches, whose words the
// control API has. The same rules as in words.ts.

const modes: Record<Mode, string> = { tolerant: 'Tolerant', strict: 'Strict RFC' };

const kinds: Record<ResourceKind, string> = { user: 'Users', group: 'Groups' };

const lineProblems: Record<LineProblem['kind'], string> = {
  shape: 'Write a name and a type, such as badgeNumber string.',
  type: 'The type must be string, boolean, integer, decimal, dateTime, reference or binary.',
  complex: 'A complex attribute can be declared only through the control API.',
  twice: 'This name appears twice.',
};

export const words = {
  policy: {
    title: 'Policy',
    preset: 'Preset',
    bestFor: (label: string, provider: string) => `${label} (best for ${provider})`,
    custom: { label: 'Custom', hint: 'These rules match no preset.' },
    loading: { label: 'Reading the presets…', hint: '\u00a0' },
    singleRules: 'Individual rules',
    countSet: (n: number) => (n === 0 ? 'all default' : `${count(n)} set`),
    mode: 'Default for all rules',
    modes,
    byDefault: (value: string) => `Default: ${value}`,
  },
  extensions: {
    title: 'Extension schemas',
    hint: 'Attributes of your own, announced at /Schemas and checked like the standard ones.',
    add: 'Declare an extension',
    kinds,
    kind: 'For',
    urn: 'URN',
    urnPlaceholder: 'urn:example:params:scim:schemas:extension:badge:2.0:User',
    attributes: 'Attributes',
    attributesHint:
      'One per line: a name and a type, with [] for multiple values. Types: string, boolean, integer, decimal, dateTime, reference, binary.',
    attributesPlaceholder: 'badgeNumber string\ndoors string[]',
    declare: 'Add extension',
    change: 'Change extension',
    discard: 'Discard',
    edit: (urn: string) => `Edit ${urn}`,
    remove: (urn: string) => `Remove ${urn}`,
    noUrn: 'Enter the URN of the extension.',
    taken: 'This URN is already declared.',
    noAttributes: 'Name at least one attribute.',
    badLine: ({ line, text, kind }: LineProblem) => `Line ${line}, “${text}”: ${lineProblems[kind]}`,
  },
} as const;
