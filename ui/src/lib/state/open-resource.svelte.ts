import type { HistoryEntry, Page, ResourceAt } from '$lib/api';
import { History } from './history.svelte';
import { LiveDetail } from './live-detail.svelte';
import { Moment } from './moment.svelte';

interface Readers<Detail> {
  read: (id: string) => Promise<Detail>;
  readHistory: (id: string, before: number, limit: number) => Promise<Page<HistoryEntry>>;
  readAt: (id: string, seq: number) => Promise<ResourceAt>;
}

/** The user or group that is open, with its history and the point of it that is looked at. */
export class OpenResource<Detail extends { history: Page<HistoryEntry> }> extends LiveDetail<Detail> {
  readonly history: History;
  readonly moment: Moment;

  constructor({ read, readHistory, readAt }: Readers<Detail>, directoryId: string) {
    super(read, directoryId);
    this.history = new History(readHistory);
    this.moment = new Moment(readAt);
  }

  override open(id: string): void {
    if (this.id !== id) this.moment.close();
    super.open(id);
  }

  override close(): void {
    this.moment.close();
    super.close();
  }

  /** Looks at it as it was after the change `seq`. */
  showAt(seq: number): void {
    if (this.id !== null) void this.moment.open(this.id, seq);
  }

  /** Goes one entry of the history back (1), or forward (-1); from the newest forward to now. */
  step(delta: 1 | -1): void {
    const { entries } = this.history;
    const at = entries.findIndex(({ change }) => change.seq === this.moment.seq);
    const next = entries[at + delta];
    if (next !== undefined) this.showAt(next.change.seq);
    else if (delta === -1) this.moment.close();
  }

  /** Whether `step` leads anywhere. */
  canStep(delta: 1 | -1): boolean {
    const { entries } = this.history;
    const { seq } = this.moment;
    if (seq === null) return delta === 1 && entries.length > 0;
    const at = entries.findIndex(({ change }) => change.seq === seq);
    return at >= 0 && (delta === -1 || at + 1 < entries.length);
  }

  protected override taken(id: string, detail: Detail): void {
    this.history.take(id, detail.history);
    void this.moment.refresh();
  }
}
