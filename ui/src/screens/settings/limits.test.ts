import { describe, expect, it } from 'vitest';
import { isWithin, numberOf } from './limits';

describe('a limit', () => {
  it('is read however its digits are grouped', () => {
    for (const typed of ['50000', '50,000', '50.000', '50 000', '50’000']) expect(numberOf(typed)).toBe(50_000);
    for (const typed of ['', ' ', 'many', undefined]) expect(numberOf(typed)).toBeNaN();
  });

  it('has bounds, which belong to it', () => {
    const words = { label: '', before: '', after: '', range: '' };
    const limit = { name: 'keepChanges', value: 500, lowest: 10, highest: 100, ...words } as const;
    expect([9, 10, 100, 101, 50.5, Number.NaN].map((number) => isWithin(limit, number))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
