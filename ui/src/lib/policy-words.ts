import type { Mode, Preset, ResourceKind } from '$lib/api';
import type { LineProblem } from './extensions';
import { count } from './format';
import type { Switch, SwitchValue } from './policy';

// All strings of a directory's policy and of the extensions that it declares. The same rules as in words.ts.

/** A rule: what it is about, and what its values mean where they do not say it themselves. */
interface RuleWords {
  label: string;
  values: Record<string, string>;
}

const check = { off: 'Accept', warn: 'Accept with a note', refuse: 'Refuse' };

const rules: Record<Switch, RuleWords> = {
  onDuplicate: {
    label: 'POST with a name that is taken',
    values: { refuse: 'Refuse with 409', link: 'Answer with what is there', overwrite: 'Overwrite what is there' },
  },
  allowDuplicateGroups: { label: 'Two groups with one name', values: { true: 'Accept', false: 'Refuse with 409' } },
  refuseDuplicateExternalIds: {
    label: 'externalId that is taken',
    values: { true: 'Refuse with 409', false: 'Accept' },
  },
  userNameIsEmail: { label: 'userName that is no e-mail address', values: check },
  emailDomain: { label: 'userName outside the e-mail domains', values: check },
  refuseMissingSchemas: { label: 'Body without schemas', values: { true: 'Refuse', false: 'Accept with a note' } },
  refuseStringBooleans: {
    label: 'Boolean as text, such as “True”',
    values: { true: 'Refuse', false: 'Read as boolean' },
  },
  putWithoutActiveClears: { label: 'PUT without active', values: { true: 'Clear it', false: 'Keep it' } },
  putWithoutMembersClears: {
    label: 'PUT without members',
    values: { true: 'Empty the group', false: 'Keep the members' },
  },
  patchAnswer: {
    label: 'Answer to a PATCH',
    values: { resource: '200 and the resource', noContent: '204 and no body' },
  },
  refuseUnmatchedFilters: {
    label: 'PATCH with a filter that matches nothing',
    values: { true: 'Refuse', false: 'Create the value' },
  },
  refuseRemoveWithValue: {
    label: 'PATCH remove with a value',
    values: { true: 'Refuse', false: 'Remove what it lists' },
  },
  refuseUnknownMembers: {
    label: 'Member whose id is unknown',
    values: { true: 'Refuse', false: 'Keep with a note' },
  },
  refuseUnknownFilterAttributes: {
    label: 'Filter on an unknown attribute',
    values: { true: 'Refuse', false: 'Search all the same' },
  },
  deletion: {
    label: 'Deleted user',
    values: { hard: 'Delete for good', soft: 'Hide, a POST brings it back' },
  },
  pageSize: { label: 'Resources in one answer, at most', values: {} },
};

const presets: Record<Preset, { label: string; hint: string }> = {
  tolerant: {
    label: 'Tolerant',
    hint: 'Accepts what identity providers send although it is not standard, and notes it.',
  },
  strictRfc: { label: 'Strict RFC', hint: 'Refuses what the RFCs do not allow.' },
  oktaFriendly: {
    label: 'Okta-friendly',
    hint: 'Tolerant, and a POST for somebody who is there answers with them, not with 409.',
  },
  entraFriendly: {
    label: 'Entra-friendly',
    hint: 'Tolerant, with 204 for a PATCH, soft deletion and no e-mail checks.',
  },
  ssoreadyLike: {
    label: 'SSOReady-like',
    hint: 'Overwrites what is there, deletes softly, refuses userNames outside your domains.',
  },
};

const modes: Record<Mode, string> = { tolerant: 'Tolerant', strict: 'Strict RFC' };

const kinds: Record<ResourceKind, string> = { user: 'Users', group: 'Groups' };

const lineProblems: Record<LineProblem['kind'], string> = {
  shape: 'Write a name and a type, such as badgeNumber string.',
  type: 'The type is one of string, boolean, integer, decimal, dateTime, reference and binary.',
  complex: 'A complex attribute can be declared over the control API only.',
  twice: 'This name stands there twice.',
};

export const words = {
  policy: {
    title: 'Policy',
    preset: 'Preset',
    presets,
    custom: { label: 'Custom', hint: 'Single rules differ from every preset.' },
    loading: 'Reading the presets…',
    rule: (key: Switch) => rules[key].label,
    value: (key: Switch, value: SwitchValue) =>
      rules[key].values[String(value)] ?? (typeof value === 'number' ? count(value) : String(value)),
    singleRules: 'Single rules',
    countSet: (n: number) => (n === 0 ? 'all by default' : `${count(n)} set`),
    mode: 'Default for all rules',
    modes,
    default: 'Default',
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
      'A name and a type in each line, with [] for several values. Types: string, boolean, integer, decimal, dateTime, reference, binary.',
    attributesPlaceholder: 'badgeNumber string\ndoors string[]',
    declare: 'Add extension',
    change: 'Change extension',
    discard: 'Discard',
    edit: (urn: string) => `Edit ${urn}`,
    remove: (urn: string) => `Remove ${urn}`,
    noUrn: 'Enter the URN of the extension.',
    taken: 'This URN is declared already.',
    noAttributes: 'Name at least one attribute.',
    badLine: ({ line, text, kind }: LineProblem) => `Line ${line}, “${text}”: ${lineProblems[kind]}`,
  },
} as const;
