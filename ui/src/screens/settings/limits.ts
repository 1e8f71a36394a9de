import type { Settings } from '$lib/api';

/** The settings that say how many of something are kept. */
export type NumberName = keyof Pick<Settings, 'keepExchanges' | 'keepMegabytes' | 'keepChanges' | 'keepDeleted'>;

/** A number that a person sets, and the words around its field. */
export interface NumberLimit {
  name: NumberName;
  value: number;
  lowest: number;
  highest: number;
  label: string;
  before: string;
  after: string;
  /** Says the bounds. */
  range: string;
}

/** Of `50,000` as well as of `50000`, however digits are grouped here. */
export function numberOf(typed: string | undefined): number {
  return Number(typed?.replace(/[\s,.’']/g, '') || Number.NaN);
}

export function isWithin({ lowest, highest }: NumberLimit, number: number): boolean {
  return Number.isInteger(number) && number >= lowest && number <= highest;
}
