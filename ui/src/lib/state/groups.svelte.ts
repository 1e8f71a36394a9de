import type { Change, Client, GroupRow } from '$lib/api';
import { LiveRows, type Touch } from './live-rows.svelte';

/** The groups of one directory, newest change first. */
export class Groups extends LiveRows<GroupRow> {
  constructor(
    private readonly client: Client,
    directoryId: string,
  ) {
    super(directoryId);
  }

  override get isFiltered(): boolean {
    return this.search !== '';
  }

  /** Shows all groups again. */
  clear(): void {
    this.search = '';
    void this.load();
  }

  protected list(offset: number, limit: number) {
    const { search, sort, order } = this;
    return this.client.listGroups(this.directoryId, { search, sort, order, offset, limit });
  }

  protected async read(id: string): Promise<GroupRow> {
    return (await this.client.readGroup(this.directoryId, id)).row;
  }

  protected touches({ resourceKind, resourceId, kind }: Change): Touch[] {
    // A deleted user leaves its groups.
    if (resourceKind === 'user') return kind === 'deleted' ? [{ id: resourceId, how: 'deleted' }] : [];
    if (kind === 'created') return [{ id: resourceId, how: 'new' }];
    return [{ id: resourceId, how: kind === 'deleted' ? 'deleted' : 'changed' }];
  }
}
