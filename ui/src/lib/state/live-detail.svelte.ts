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
  /** Set when it is gone; when exactly may not be known. */
  gone = $state.raw<{ at: string | null } | null>(null);
  /** The paths of attributes that changed a moment ago. */
  readonly marks = new Marks<string>();
  readonly #refreshes = new Throttle(() => this.reload(), REFRESH_MS);

  constructor(private readonly read: (id: string) => Promise<Detail>) {}

  open(id: string): void {
    if (this.id === id) return;
    this.id = id;
    this.gone = null;
    this.problem = null;
    this.marks.clear();
    void this.reload();
  }

  close(): void {
    this.id = null;
    this.detail = null;
    this.gone = null;
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
      this.problem = null;
    } catch (thrown) {
      if (this.id === id) this.#fail(ApiError.of(thrown));
    }
  }

  /** The attributes that `newest`, its newest change, touched; nothing is called changed that has just been created. */
  freshPaths(newest: Change | null): string[] {
    if (newest === null || newest.kind === 'created' || newest.resourceId !== this.id) return [];
    return newest.fields.map(({ path }) => path);
  }

  apply(batch: Event[]): void {
    const { id } = this;
    if (id === null) return;
    for (const event of batch) {
      if (event.type === 'resync') this.#refreshes.run();
      else if (event.type === 'change' && concerns(event.change, id)) this.#takeIn(event.change, id);
    }
  }

  #takeIn(change: Change, id: string): void {
    if (change.resourceId === id && change.kind === 'deleted') {
      this.gone = { at: change.at };
      return;
    }
    if (change.resourceId === id) this.marks.add(new Map(change.fields.map(({ path }) => [path, 'changed'])));
    this.#refreshes.run();
  }

  #fail(error: ApiError): void {
    if (error.code !== 'notFound') this.problem = error.message;
    else this.gone ??= { at: null };
  }
}

/** A change of it, or of a group that it came to or left. */
function concerns({ resourceId, members }: Change, id: string): boolean {
  return resourceId === id || [...(members?.added ?? []), ...(members?.removed ?? [])].some((ref) => ref.id === id);
}
