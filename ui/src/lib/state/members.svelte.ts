import type { Client, Event, Page, ResourceRef } from '$lib/api';
import { Pages } from './pages';
import { WindowedList } from './windowed-list.svelte';

/** The members of the group that is open: now, or as they were after a change. */
export class Members extends WindowedList<ResourceRef, 'unknown'> {
  #groupId: string | null = null;
  #at: number | null = null;

  constructor(
    private readonly client: Client,
    private readonly directoryId: string,
  ) {
    super();
  }

  /** Shows the members of a group, now or (`at`) after a change. */
  open(groupId: string, at: number | null): void {
    if (groupId === this.#groupId && at === this.#at) return;
    if (groupId !== this.#groupId) {
      this.search = '';
      this.filter = 'all';
      this.phase = 'loading';
      this.pages = Pages.empty();
      this.total = 0;
    }
    this.#groupId = groupId;
    this.#at = at;
    void this.load();
  }

  /** What happens to the group and to people changes who is in it, and what they are called. */
  apply(batch: Event[]): void {
    const groupId = this.#groupId;
    if (groupId === null || this.#at !== null) return;
    const isConcerned = batch.some((event) => {
      if (event.type === 'resync') return true;
      if (event.type === 'drift') return event.directoryId === this.directoryId && event.ids.includes(groupId);
      return event.type === 'change' && event.change.resourceId === groupId;
    });
    if (isConcerned) this.refreshes.run();
  }

  protected list(offset: number, limit: number): Promise<Page<ResourceRef>> {
    const { search } = this;
    const at = this.#at === null ? {} : { at: this.#at };
    const query = { search, onlyUnknown: this.filter === 'unknown', offset, limit, ...at };
    return this.client.listMembers(this.directoryId, this.#groupId ?? '', query);
  }
}
