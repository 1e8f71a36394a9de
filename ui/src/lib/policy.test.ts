import { describe, expect, it } from 'vitest';
import type { Policy, PolicyPreset } from '$lib/api';
import { CHOICES, choicesOf, countSet, decidedByMode, presetOf, withSwitch } from './policy';

const presets: PolicyPreset[] = [
  { preset: 'tolerant', policy: { mode: 'tolerant' }, effective: { mode: 'tolerant', refuseMissingSchemas: false } },
  { preset: 'strictRfc', policy: { mode: 'strict' }, effective: { mode: 'strict', refuseMissingSchemas: true } },
  {
    preset: 'oktaFriendly',
    policy: { mode: 'tolerant', onDuplicate: 'link', putWithoutActiveClears: false },
    effective: { mode: 'tolerant', onDuplicate: 'link', putWithoutActiveClears: false, refuseMissingSchemas: false },
  },
];

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
    expect(presetOf(policy, presets)).toBe(preset);
  });

  it('is none of the presets while they are not known', () => {
    expect(presetOf({ mode: 'tolerant' }, [])).toBeNull();
  });

  it('leaves to its mode what it does not set', () => {
    expect(decidedByMode({ mode: 'tolerant', onDuplicate: 'link' }, presets).refuseMissingSchemas).toBe(false);
    expect(decidedByMode({ mode: 'strict', refuseMissingSchemas: false }, presets).refuseMissingSchemas).toBe(true);
    expect(decidedByMode({ mode: 'strict' }, [])).toEqual({ mode: 'strict' });
  });

  it('is another as soon as a switch is touched, and the same again when it is let go', () => {
    const touched = withSwitch({ mode: 'strict' }, 'refuseMissingSchemas', false);
    expect(presetOf(touched, presets)).toBeNull();
    expect(presetOf(withSwitch(touched, 'refuseMissingSchemas', null), presets)).toBe('strictRfc');
  });

  it('counts what it sets', () => {
    expect(countSet({ mode: 'strict' })).toBe(0);
    expect(countSet({ mode: 'strict', refuseMissingSchemas: false, deletion: null, pageSize: 20 })).toBe(2);
  });

  it('is offered the value that it has, even an unusual one', () => {
    expect(choicesOf({ mode: 'tolerant', pageSize: 7 }, 'pageSize')).toEqual([...CHOICES.pageSize, 7]);
    expect(choicesOf({ mode: 'tolerant', pageSize: 10 }, 'pageSize')).toEqual(CHOICES.pageSize);
    expect(choicesOf({ mode: 'tolerant', pageSize: null }, 'pageSize')).toEqual(CHOICES.pageSize);
  });
});
