import { ApiError, type Change, type Event } from '$lib/api';
import { Marks } from './marks.svelte';
import { Throttle } from './throttle';

const REFRESH_MS = 250;

/**
 * The user or group whose details are open, kept true while it is looked at. The former one stays in sight until the next
 * has been read, so that walking down a list does not flicker; a deleted one stays, too.
 */
export class LiveDetail<Detail> {
  id = $state<string | null>(null);
  detail = $state.raw<Detail | null>(null);
  problem = $state<string | null>(null);
  /** Nothing here ever had this id. */
  isUnknown = $state(false);
  /** The paths of attributes that changed a moment ago. */
  readonly marks = new Marks<string>();
  readonly #refreshes = new Throttle(() => this.reload(), REFRESH_MS);

  constructor(
    private readonly read: (id: string) => Promise<Detail>,
    private readonly directoryId: string,
  ) {}

  open(id: string): void {
    if (this.id === id) return;
    this.id = id;
    this.isUnknown = false;
    this.problem = null;
    this.marks.clear();
    void this.reload();
  }

  close(): void {
    this.id = null;
    this.detail = null;
    this.isUnknown = false;
    this.problem = null;
  }

  stop(): void {
    this.#refreshes.stop();
    this.marks.clear();
  }

  async reload(): Promise<void> {
    const { id } = this;
    if (id === null) return;
    try {
      const detail = await this.read(id);
      if (this.id !== id) return;
      this.detail = detail;
      this.taken(id, detail);
      this.isUnknown = false;
      this.problem = null;
    } catch (thrown) {
      if (this.id === id) this.#fail(ApiError.of(thrown));
    }
  }

  /** Called with each detail that is shown from now on. */
  protected taken(_id: string, _detail: Detail): void {
    return;
  }

  /** The attributes that `newest`, its newest change, touched; nothing is called changed that came or went as a whole. */
  freshPaths(newest: Change | null): string[] {
    if (newest === null || newest.resourceId !== this.id) return [];
    if (newest.kind === 'created' || newest.kind === 'deleted') return [];
    return newest.fields.map(({ path }) => path);
  }

  apply(batch: Event[]): void {
    const { id } = this;
    if (id === null) return;
    for (const event of batch) {
      if (event.type === 'resync') this.#refreshes.run();
      else if (event.type === 'drift' && event.directoryId === this.directoryId && event.ids.includes(id))
        this.#refreshes.run();
      else if (event.type === 'change' && event.change.directoryId === this.directoryId) this.#takeIn(event.change, id);
    }
  }

  #takeIn(change: Change, id: string): void {
    if (!concerns(change, id)) return;
    if (change.resourceId === id) this.marks.add(new Map(change.fields.map(({ path }) => [path, 'changed'])));
    this.#refreshes.run();
  }

  #fail(error: ApiError): void {
    if (error.code === 'notFound') this.isUnknown = true;
    else this.problem = error.message;
  }
}

/** A change of it, or of a group that it came to or left; a change that moves very many names only some. */
function concerns({ resourceId, members }: Change, id: string): boolean {
  if (resourceId === id) return true;
  if (members === null) return false;
  const named = [...members.added, ...members.removed];
  return named.length < members.addedCount + members.removedCount || named.some((ref) => ref.id === id);
}
