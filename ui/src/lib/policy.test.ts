import { describe, expect, it } from 'vitest';
import type { Policy, PolicyPreset, PolicySwitch } from '$lib/api';
import { count } from './format';
import { countSet, labelOf, presetOf, valuesOf, withSetting } from './policy';

const presets: PolicyPreset[] = [
  { preset: 'tolerant', label: 'Tolerant', hint: '', policy: { mode: 'tolerant' } },
  { preset: 'strictRfc', label: 'Strict RFC', hint: '', policy: { mode: 'strict' } },
  {
    preset: 'oktaFriendly',
    label: 'Okta-friendly',
    hint: '',
    policy: { mode: 'tolerant', onDuplicate: 'link', putWithoutActiveClears: false },
  },
];

const pageSize: PolicySwitch = {
  key: 'pageSize',
  label: 'Resources in one answer, at most',
  choices: [
    { value: 10, label: '10' },
    { value: 1000, label: '1,000' },
  ],
  tolerant: 1000,
  strict: 1000,
};
const active: PolicySwitch = {
  key: 'putWithoutActiveClears',
  label: 'PUT without active',
  choices: [
    { value: true, label: 'Clear it' },
    { value: false, label: 'Keep it' },
  ],
  tolerant: false,
  strict: true,
};

describe('a policy', () => {
  it.each<[string, Policy, string | null]>([
    ['nothing set', { mode: 'tolerant' }, 'tolerant'],
    ['nothing set, strict', { mode: 'strict' }, 'strictRfc'],
    [
      'all that a preset sets',
      { putWithoutActiveClears: false, onDuplicate: 'link', mode: 'tolerant' },
      'oktaFriendly',
    ],
    ['null, which is not set', { mode: 'tolerant', onDuplicate: null, pageSize: null }, 'tolerant'],
    ['less than a preset', { mode: 'tolerant', onDuplicate: 'link' }, null],
    ['more than a preset', { mode: 'strict', deletion: 'soft' }, null],
    ['another page size', { mode: 'tolerant', pageSize: 50 }, null],
    ['explicitly what the mode decides anyway', { mode: 'tolerant', refuseMissingSchemas: false }, null],
    ['the switches of a preset in the other mode', { mode: 'strict', onDuplicate: 'link' }, null],
  ])('with %s', (_, policy, preset) => {
    expect(presetOf(policy, presets)?.preset ?? null).toBe(preset);
  });

  it('is none of the presets while they are not known', () => {
    expect(presetOf({ mode: 'tolerant' }, [])).toBeNull();
  });

  it('is another as soon as a switch is touched, and the same again when it is let go', () => {
    const touched = withSetting({ mode: 'strict' }, 'refuseMissingSchemas', false);
    expect(presetOf(touched, presets)).toBeNull();
    expect(presetOf(withSetting(touched, 'refuseMissingSchemas', null), presets)?.preset).toBe('strictRfc');
  });

  it('counts what it sets', () => {
    expect(countSet({ mode: 'strict' })).toBe(0);
    expect(countSet({ mode: 'strict', refuseMissingSchemas: false, deletion: null, pageSize: 20 })).toBe(2);
  });

  it('is offered the value that it has, even an unusual one', () => {
    expect(valuesOf({ mode: 'tolerant', pageSize: 7 }, pageSize)).toEqual([10, 1000, 7]);
    expect(valuesOf({ mode: 'tolerant', pageSize: 10 }, pageSize)).toEqual([10, 1000]);
    expect(valuesOf({ mode: 'tolerant', pageSize: null }, pageSize)).toEqual([10, 1000]);
  });

  it('has the words that the server has for a value', () => {
    expect(labelOf(false, active)).toBe('Keep it');
    expect(labelOf('later', active)).toBe('later');
    expect(labelOf(1000, pageSize)).toBe(count(1000));
  });
});
