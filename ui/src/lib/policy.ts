import type { Policy, PolicyPreset, PolicySwitch } from '$lib/api';
import { count } from './format';

/** What a policy is made of, as the control API lists it. */
export interface PolicyOptions {
  presets: readonly PolicyPreset[];
  switches: readonly PolicySwitch[];
}

/** What `key` is set to; `null`: the mode decides. */
export function settingOf(policy: Readonly<Record<string, unknown>>, key: string): unknown {
  return policy[key] ?? null;
}

/** Whether two policies are set in the same way, not just alike in what they decide. */
export function isSamePolicy(a: Policy, b: Policy): boolean {
  return Object.keys({ ...a, ...b }).every((key) => settingOf(a, key) === settingOf(b, key));
}

/** The preset that a policy is; `null`: none of them. */
export function presetOf(policy: Policy, presets: readonly PolicyPreset[]): PolicyPreset | null {
  return presets.find((one) => isSamePolicy(one.policy, policy)) ?? null;
}

/** `policy` with `key` set to `value`; `null`: the mode decides. */
export function withSetting(policy: Policy, key: string, value: unknown): Policy {
  return { ...policy, [key]: value };
}

/** The values that a switch is offered with: the usual ones, and the one it has. */
export function valuesOf(policy: Policy, { key, choices }: PolicySwitch): readonly unknown[] {
  const usual = choices.map(({ value }) => value);
  const value = settingOf(policy, key);
  return value === null || usual.includes(value) ? usual : [...usual, value];
}

/** How `value` of a switch is called. Numbers are grouped as the system likes. */
export function labelOf(value: unknown, { choices }: PolicySwitch): string {
  if (typeof value === 'number') return count(value);
  return choices.find((choice) => choice.value === value)?.label ?? String(value);
}

/** How many rules are set, so that the mode does not decide them. */
export function countSet({ mode: _, ...policy }: Policy): number {
  return Object.values(policy).filter((value) => value !== null && value !== undefined).length;
}
