import type { Deletion, OnDuplicate, PatchAnswer, Policy, PolicyPreset, Preset, Rule } from '$lib/api';

/** What a policy can set, apart from its mode. */
export type Switch = Exclude<keyof Policy, 'mode'>;
export type SwitchValue = boolean | string | number;

const EITHER = [true, false];
const RULES = ['off', 'warn', 'refuse'] satisfies Rule[];

/** What each switch can be set to, in the order in which they are shown. Not set, the mode decides. */
export const CHOICES: Readonly<Record<Switch, readonly SwitchValue[]>> = {
  onDuplicate: ['refuse', 'link', 'overwrite'] satisfies OnDuplicate[],
  allowDuplicateGroups: EITHER,
  refuseDuplicateExternalIds: EITHER,
  userNameIsEmail: RULES,
  emailDomain: RULES,
  refuseMissingSchemas: EITHER,
  refuseStringBooleans: EITHER,
  putWithoutActiveClears: EITHER,
  putWithoutMembersClears: EITHER,
  patchAnswer: ['resource', 'noContent'] satisfies PatchAnswer[],
  refuseUnmatchedFilters: EITHER,
  refuseRemoveWithValue: EITHER,
  refuseUnknownMembers: EITHER,
  refuseUnknownFilterAttributes: EITHER,
  deletion: ['hard', 'soft'] satisfies Deletion[],
  // The server takes any number up to 1,000; these are enough to see a client turn pages.
  pageSize: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
};

/** All of them, in that order. */
export const SWITCHES = Object.keys(CHOICES) as Switch[];

/** Whether two policies are set in the same way, not just alike in what they decide. */
export function isSamePolicy(a: Policy, b: Policy): boolean {
  return a.mode === b.mode && SWITCHES.every((key) => (a[key] ?? null) === (b[key] ?? null));
}

/** The preset that a policy is; `null`: none of them. */
export function presetOf(policy: Policy, presets: readonly PolicyPreset[]): Preset | null {
  return presets.find((one) => isSamePolicy(one.policy, policy))?.preset ?? null;
}

/** What the mode of `policy` decides where nothing is set: the effective values of the preset that sets nothing else. */
export function decidedByMode({ mode }: Policy, presets: readonly PolicyPreset[]): Policy {
  return presets.find((one) => isSamePolicy(one.policy, { mode }))?.effective ?? { mode };
}

/** `policy` with `key` set to `value`; `null`: the mode decides. */
export function withSwitch(policy: Policy, key: Switch, value: SwitchValue | null): Policy {
  return { ...policy, [key]: value };
}

/** The values that `key` is offered with: the usual ones, and the one it has. */
export function choicesOf(policy: Policy, key: Switch): readonly SwitchValue[] {
  const value = policy[key] ?? null;
  return value === null || CHOICES[key].includes(value) ? CHOICES[key] : [...CHOICES[key], value];
}

/** How many rules are set, so that the mode does not decide them. */
export function countSet(policy: Policy): number {
  return SWITCHES.filter((key) => (policy[key] ?? null) !== null).length;
}
