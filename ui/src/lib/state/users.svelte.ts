import type { Change, Client, UserCounts, UserRow } from '$lib/api';
import { ResourceList, type Touch, touchOf } from './resource-list.svelte';

export type UserSort = 'modified' | 'name' | 'status' | 'groups';

/** The users of one directory, newest change first. */
export class Users extends ResourceList<UserRow, keyof UserCounts, UserSort> {
  constructor(
    private readonly client: Client,
    directoryId: string,
    /** The beginning of what counts as changed. */
    private readonly since: () => string = beginningOfToday,
  ) {
    super(directoryId);
  }

  override get question() {
    return { ...super.question, since: this.since() };
  }

  protected list(offset: number, limit: number) {
    const { search, filter: status, sort, order } = this;
    const query = { search, status, since: this.since(), sort, order, offset, limit };
    return this.client.listUsers(this.directoryId, query);
  }

  protected async read(id: string): Promise<UserRow> {
    return (await this.client.readUser(this.directoryId, id)).row;
  }

  /** A user's own change, and the groups it came to or left. */
  protected touches({ resourceKind, resourceId, kind, members }: Change): Touch[] {
    if (resourceKind === 'user') return [{ id: resourceId, how: touchOf(kind) }];
    const moved = [...(members?.added ?? []), ...(members?.removed ?? [])].filter((member) => member.kind === 'user');
    const touches = moved.map<Touch>(({ id }) => ({ id, how: 'changed' }));
    // Whoever was in a deleted group is in one group less, named here or not.
    return kind === 'deleted' ? [...touches, { id: resourceId, how: 'deleted' }] : touches;
  }

  /** A change names at most a hundred of those whom it moves. */
  protected touchesMore({ members }: Change): boolean {
    if (members === null) return false;
    return members.addedCount > members.added.length || members.removedCount > members.removed.length;
  }

  protected isAscending(sort: UserSort): boolean {
    return sort === 'name' || sort === 'status';
  }
}

function beginningOfToday(): string {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString();
}
