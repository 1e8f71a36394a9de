import type { ApiError, Change, Event, GroupDetail, History as HistoryPage, ResourceAt, UserDetail } from '$lib/api';
import { History } from './history.svelte';
import { LiveDetail } from './live-detail.svelte';
import { Marks } from './marks.svelte';
import { Moment } from './moment.svelte';

interface Readers<Detail> {
  read: (id: string) => Promise<Detail>;
  readHistory: (id: string, before: number, limit: number) => Promise<HistoryPage>;
  readAt: (id: string, seq: number) => Promise<ResourceAt>;
}

/** The user or group that is open, with its history and the point of it that is looked at; a deleted one stays open. */
export class OpenResource<Detail extends UserDetail | GroupDetail = UserDetail | GroupDetail> extends LiveDetail<
  string,
  Detail
> {
  /** Nothing here ever had this id. */
  isUnknown = $state(false);
  /** The paths of attributes that changed a moment ago. */
  readonly marks = new Marks<string>();
  readonly history: History;
  readonly moment: Moment;

  /** What is looked at: how it is now, or how it was at the moment; `changedPaths` are the attributes that the change before touched. */
  readonly shown = $derived.by(() => {
    const { row, resource, groups = [] } = this.detail ?? {};
    const { then } = this.moment;
    return {
      resource: then?.resource ?? resource,
      groups: then?.groups ?? groups,
      groupCount: then?.groupCount ?? (row !== undefined && 'groups' in row ? row.groups : groups.length),
      memberCount: then?.memberCount ?? (row !== undefined && 'members' in row ? row.members : 0),
      changedPaths: then === null ? this.#freshPaths() : then.changed.map(({ path }) => path),
    };
  });

  constructor(
    private readonly readers: Readers<Detail>,
    private readonly directoryId: string,
  ) {
    super();
    this.history = new History(readers.readHistory);
    this.moment = new Moment(readers.readAt);
  }

  override async open(id: string): Promise<void> {
    if (this.id !== id) this.#leave();
    await super.open(id);
  }

  override close(): void {
    this.#leave();
    super.close();
  }

  override stop(): void {
    super.stop();
    this.marks.clear();
  }

  override apply(batch: Event[]): void {
    super.apply(batch);
    for (const event of batch) {
      if (event.type !== 'change' || event.change.resourceId !== this.id) continue;
      this.marks.add(new Map(event.change.fields.map(({ path }) => [path, 'changed'])));
    }
  }

  override get at(): number | null {
    return this.moment.seq;
  }

  override showAt(seq: number | null): void {
    if (seq === null || seq === this.with) this.with = null;
    if (seq === null) this.moment.close();
    else if (this.id !== null) void this.moment.open(this.id, seq);
  }

  /** How it was after the change `seq`. */
  readAt(seq: number): Promise<ResourceAt> {
    return this.readers.readAt(this.id ?? '', seq);
  }

  /** Goes one entry of the history back (1), or forward (-1); from the newest forward to now. */
  step(delta: 1 | -1): void {
    const { entries } = this.history;
    const at = entries.findIndex(({ change }) => change.seq === this.moment.seq);
    const next = entries[at + delta];
    if (next !== undefined) this.showAt(next.change.seq);
    else if (delta === -1) this.showAt(null);
  }

  /** Whether `step` leads anywhere. */
  canStep(delta: 1 | -1): boolean {
    const { entries } = this.history;
    const { seq } = this.moment;
    if (seq === null) return delta === 1 && entries.length > 0;
    const at = entries.findIndex(({ change }) => change.seq === seq);
    return at >= 0 && (delta === -1 || at + 1 < entries.length);
  }

  /** The attributes that its newest change touched; nothing is called changed that came or went as a whole. */
  #freshPaths(): string[] {
    const newest = this.detail?.history.items[0]?.change;
    if (newest === undefined || newest.resourceId !== this.id) return [];
    if (newest.kind === 'created' || newest.kind === 'deleted') return [];
    return newest.fields.map(({ path }) => path);
  }

  protected read(id: string): Promise<Detail> {
    return this.readers.read(id);
  }

  protected concerns(event: Event, id: string): boolean {
    if (event.type === 'resync') return true;
    if (event.type === 'drift') return event.directoryId === this.directoryId && event.ids.includes(id);
    return event.type === 'change' && event.change.directoryId === this.directoryId && mayMove(event.change, id);
  }

  protected override taken(id: string, detail: Detail): void {
    this.isUnknown = false;
    this.history.take(id, detail.history);
    void this.moment.refresh();
  }

  protected override fail(error: ApiError): void {
    if (error.code === 'notFound') this.isUnknown = true;
    else super.fail(error);
  }

  #leave(): void {
    this.isUnknown = false;
    this.marks.clear();
    this.moment.close();
  }
}

/** A change of it, or of a group that it came to or left; a change that moves very many names only some. */
function mayMove({ resourceId, members }: Change, id: string): boolean {
  if (resourceId === id) return true;
  if (members === null) return false;
  const named = [...members.added, ...members.removed];
  return named.length < members.addedCount + members.removedCount || named.some((ref) => ref.id === id);
}
