import { tick } from 'svelte';
import type { LiveList } from '$lib/state/live-list.svelte';
import { Attention } from './attention';
import { type Picked, rangeKeys } from './picked';
import { Roving } from './roving.svelte';

/** What shows the rows. */
interface Shown {
  scrollTo(index: number): void;
  scrollToTop(): void;
  rowsInSight(): number;
}

/** What a list of rows is told by who shows it. */
export interface RowListProps<Row extends { id: string | number }> {
  rows: LiveList<Row>;
  selectedId: Row['id'] | null;
  /** Which rows are selected, where several can be. */
  picked?: Picked<Row['id']> | undefined;
  onopen: (id: Row['id']) => void;
  /** Enter also goes there. */
  onenter: (id: Row['id']) => void;
}

/** What keys and clicks do in a list of rows: one is at the keyboard, one may be open beside the list, several may be selected. */
export class RowListKeys<Row extends { id: string | number }> {
  list = $state<Shown | null>(null);
  body = $state<HTMLElement | null>(null);
  isAtTop = $state(true);
  readonly attention = new Attention((isReading) => this.props.rows.hold(isReading));
  readonly #roving = new Roving<Row['id']>({
    count: () => this.props.rows.total,
    idAt: (index) => this.props.rows.rowAt(index)?.id,
    indexOf: (id) => this.props.rows.indexOf(id),
    rowsInSight: () => this.list?.rowsInSight() ?? 1,
  });

  constructor(readonly props: RowListProps<Row>) {}

  /** The row where the keyboard is. */
  get active(): number {
    return this.#roving.index;
  }

  moveTo(index: number): void {
    this.#roving.moveTo(index);
  }

  /** Whether a row that is open looks so: among selected ones it would look like one of them. */
  isMarked(id: Row['id']): boolean {
    const { picked } = this.props;
    return picked?.isAny !== true || picked.has(id);
  }

  onTop = (isFirstInSight: boolean): void => {
    this.isAtTop = isFirstInSight;
    this.attention.scrolled(isFirstInSight);
  };

  stop(): void {
    this.attention.stop();
    this.props.rows.hold(false);
  }

  async focus(): Promise<void> {
    await tick();
    this.body?.querySelector<HTMLElement>('.row[tabindex="0"]')?.focus({ preventScroll: true });
  }

  /** Opens the next or the former row; the focus stays where it is. */
  walk(delta: number): void {
    const { rows, selectedId } = this.props;
    const from = selectedId === null ? -1 : rows.indexOf(selectedId);
    const index = (from < 0 ? this.active : from) + delta;
    const id = rows.rowAt(index)?.id;
    if (id === undefined) return;
    this.list?.scrollTo(index);
    this.#open(index, id);
  }

  /**
   * J and K work all over the page: beside open details they walk on and leave the focus there; from elsewhere they first
   * go to the row where the keyboard was.
   */
  handleKey(event: KeyboardEvent): boolean {
    const isHere = this.body?.contains(document.activeElement) === true;
    if (!isHere && this.props.selectedId !== null) {
      this.walk(event.key.toLowerCase() === 'j' ? 1 : -1);
      return true;
    }
    const target = isHere ? this.#roving.target(event.key) : this.active;
    if (target !== null) void this.#go(target);
    return target !== null;
  }

  onKey = (event: KeyboardEvent): void => {
    const { rows, picked, onenter } = this.props;
    if (picked === undefined || !this.#pick(event, picked)) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const id = rows.rowAt(this.active)?.id;
      if (event.key === 'Enter' && id !== undefined) onenter(id);
      else if (!this.handleKey(event)) return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** Opens a row; with Ctrl or Shift it is selected instead, alone or with those before it. */
  click(event: MouseEvent, index: number, id: Row['id']): void {
    const { picked } = this.props;
    const from = this.active;
    if (picked === undefined || !(event.ctrlKey || event.metaKey || event.shiftKey || picked.takesClicks)) {
      this.#open(index, id);
      return;
    }
    this.moveTo(index);
    if (event.shiftKey) void picked.extend(from, index);
    else picked.toggle(index, id);
    void this.focus();
  }

  #open(index: number, id: Row['id']): void {
    this.moveTo(index);
    this.props.onopen(id);
  }

  /** Goes to a row; what is open beside the list comes along. */
  async #go(index: number): Promise<void> {
    const { rows, selectedId, onopen } = this.props;
    this.list?.scrollTo(index);
    this.moveTo(index);
    const id = rows.rowAt(index)?.id;
    if (id !== undefined && selectedId !== null) onopen(id);
    await this.focus();
  }

  /** Selects with the keyboard; answers whether that is what was meant. */
  #pick(event: KeyboardEvent, { toggle, extend }: Picked<Row['id']>): boolean {
    const from = this.active;
    const id = this.props.rows.rowAt(from)?.id;
    if (id === undefined || event.altKey || event.metaKey) return false;
    if (event.key === ' ' && event.ctrlKey) toggle(from, id);
    else if (event.shiftKey && !event.ctrlKey && rangeKeys.has(event.key)) {
      const to = this.#roving.target(event.key) ?? from;
      void this.#go(to);
      void extend(from, to);
    } else return false;
    return true;
  }
}
