/** Which rows of a list are selected, and how others are. */
export interface Picked<Id> {
  readonly isAny: boolean;
  /** Whether a click selects a row, or takes it out again, instead of opening it. */
  readonly takesClicks: boolean;
  has(id: Id): boolean;
  toggle: (index: number, id: Id) => void;
  /** Selects from row `from`, or from where the last one was selected, to row `to`. */
  extend: (from: number, to: number) => Promise<void>;
}

/** The keys that select a range with Shift. */
export const rangeKeys: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End']);
