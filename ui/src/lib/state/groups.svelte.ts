import type { Change, Client, GroupCounts, GroupRow } from '$lib/api';
import { LiveRows, type Touch } from './live-rows.svelte';

export type GroupStatus = 'all' | 'withMembers' | 'empty' | 'outOfStep' | 'deleted';
export type GroupSort = 'modified' | 'name' | 'members';

/** The groups of one directory, newest change first. */
export class Groups extends LiveRows<GroupRow, GroupSort, GroupCounts> {
  status = $state<GroupStatus>('all');

  constructor(
    private readonly client: Client,
    directoryId: string,
  ) {
    super(directoryId);
  }

  override get isFiltered(): boolean {
    return this.search !== '' || this.status !== 'all';
  }

  setStatus(status: GroupStatus): void {
    this.status = status;
    void this.load();
  }

  /** Shows all groups again. */
  clear(): void {
    this.search = '';
    this.status = 'all';
    void this.load();
  }

  protected list(offset: number, limit: number) {
    const { search, status, sort, order } = this;
    return this.client.listGroups(this.directoryId, { search, status, sort, order, offset, limit });
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

  protected touchesMore(): boolean {
    return false;
  }

  protected isAscending(sort: GroupSort): boolean {
    return sort === 'name';
  }
}
