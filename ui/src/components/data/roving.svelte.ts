/** A list in which one row at a time can have the focus. */
export interface RovingList<Id> {
  count: () => number;
  idAt: (index: number) => Id | undefined;
  indexOf: (id: Id) => number;
  /** How far Page Up and Page Down go. */
  rowsInSight: () => number;
}

/** Which row the keyboard is at. It follows its row when others come and go above it. */
export class Roving<Id> {
  #id = $state.raw<Id | undefined>(undefined);
  #index = $state(0);

  constructor(private readonly list: RovingList<Id>) {}

  get index(): number {
    const followed = this.#id === undefined ? -1 : this.list.indexOf(this.#id);
    return followed >= 0 ? followed : Math.min(this.#index, Math.max(0, this.list.count() - 1));
  }

  moveTo(index: number): void {
    this.#index = index;
    this.#id = this.list.idAt(index);
  }

  /** The row that `key` leads to; `null` if it leads nowhere. */
  target(key: string): number | null {
    const last = this.list.count() - 1;
    if (last < 0) return null;
    const to = (index: number) => Math.min(last, Math.max(0, index));
    switch (key) {
      case 'ArrowDown':
      case 'j':
      case 'J':
        return to(this.index + 1);
      case 'ArrowUp':
      case 'k':
      case 'K':
        return to(this.index - 1);
      case 'PageDown':
        return to(this.index + this.list.rowsInSight());
      case 'PageUp':
        return to(this.index - this.list.rowsInSight());
      case 'Home':
        return 0;
      case 'End':
        return last;
      default:
        return null;
    }
  }
}
