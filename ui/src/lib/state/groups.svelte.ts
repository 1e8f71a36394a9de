import type { Change, Client, GroupCounts, GroupRow } from '$lib/api';
import { ResourceList, type Touch, touchOf } from './resource-list.svelte';

export type GroupSort = 'modified' | 'name' | 'members';

/** The groups of one directory, newest change first. */
export class Groups extends ResourceList<GroupRow, keyof GroupCounts, GroupSort> {
  constructor(
    private readonly client: Client,
    directoryId: string,
  ) {
    super(directoryId);
  }

  protected list(offset: number, limit: number) {
    const { search, filter: status, sort, order } = this;
    return this.client.listGroups(this.directoryId, { search, status, sort, order, offset, limit });
  }

  protected async read(id: string): Promise<GroupRow> {
    return (await this.client.readGroup(this.directoryId, id)).row;
  }

  protected touches({ resourceKind, resourceId, kind }: Change): Touch[] {
    // A deleted user leaves its groups.
    if (resourceKind === 'user') return kind === 'deleted' ? [{ id: resourceId, how: 'deleted' }] : [];
    return [{ id: resourceId, how: touchOf(kind) }];
  }

  protected touchesMore(): boolean {
    return false;
  }

  protected isAscending(sort: GroupSort): boolean {
    return sort === 'name';
  }
}
