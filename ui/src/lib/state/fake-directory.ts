import type {
  Change,
  ChangeKind,
  Event,
  ExchangeRow,
  GroupRow,
  Page,
  ResourceKind,
  ResourceRef,
  UserRow,
} from '$lib/api';
import type { Answer, Method, Platform } from '$lib/platform';

// For tests: one directory in memory, with an identity provider that changes it. What happened is kept as events, to be
// passed on when the test says so.

export const DIRECTORY = 'dir1';

export class FakeDirectory implements Platform {
  readonly isWindow = true;
  users: UserRow[] = [];
  groups: GroupRow[] = [];
  exchanges: ExchangeRow[] = [];
  /** Paths that were asked for. */
  asked: string[] = [];
  /** While set, everything is refused with it. */
  failure: Answer | null = null;
  /** While true, answers wait for `release`. */
  isHolding = false;
  #waiting: (() => void)[] = [];
  #events: Event[] = [];
  #seq = 0;

  async request(_method: Method, path: string): Promise<Answer> {
    this.asked.push(path);
    const answer = this.failure ?? this.#answer(new URL(path, 'http://localhost'));
    if (this.isHolding) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return answer;
  }

  /** Lets go of the answers that wait, in the order of the questions or of `order`. */
  release(order = this.#waiting.map((_, index) => index)): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const index of order) waiting[index]?.();
  }

  watchLive(): () => void {
    return () => undefined;
  }

  download(): Promise<string | null> {
    return Promise.resolve(null);
  }

  copyText(): Promise<void> {
    return Promise.resolve();
  }

  /** What happened since the last time. */
  events(): Event[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  createUser(id: string): void {
    const lastChange = this.#change('user', id, 'created');
    const at = lastChange.at;
    this.users.unshift({ ...userRow(id), modifiedAt: at, lastChange });
    this.exchange({ method: 'POST', status: 201, text: `Okta created ${id}` });
  }

  updateUser(id: string, kind: ChangeKind = 'updated'): void {
    const lastChange = this.#change('user', id, kind);
    const user = this.users.find((row) => row.id === id) ?? userRow(id);
    const active = kind === 'deactivated' ? false : user.active;
    this.users = [{ ...user, active, lastChange }, ...this.users.filter((row) => row.id !== id)];
    this.exchange({ method: 'PUT', text: `Okta updated ${id}` });
  }

  deleteUser(id: string): void {
    this.#change('user', id, 'deleted');
    this.users = this.users.filter((row) => row.id !== id);
    this.exchange({ method: 'DELETE', status: 204, text: `Okta deleted ${id}` });
  }

  createGroup(id: string): void {
    const lastChange = this.#change('group', id, 'created');
    this.groups.unshift({ id, displayName: id, members: 0, source: 'Okta', modifiedAt: lastChange.at, lastChange });
  }

  addMember(groupId: string, userId: string): void {
    const added: ResourceRef[] = [{ id: userId, kind: 'user', name: userId }];
    this.#change('group', groupId, 'membersChanged', added);
    this.groups = this.groups.map((row) => (row.id === groupId ? { ...row, members: row.members + 1 } : row));
    this.users = this.users.map((row) => (row.id === userId ? { ...row, groups: row.groups + 1 } : row));
  }

  exchange({ method = 'GET', status = 200, text = 'Okta read', notes = 0 } = {}): ExchangeRow {
    const id = (this.exchanges[0]?.id ?? 0) + 1;
    const row: ExchangeRow = {
      id,
      directoryId: DIRECTORY,
      at: timeOf(id),
      method,
      path: '/Users',
      status,
      durationMs: 3,
      actor: 'Okta',
      summary: { text, subject: null, outcome: null },
      noteCount: notes,
      isWrite: method !== 'GET',
      story: null,
      replayOf: null,
    };
    this.exchanges.unshift(row);
    this.#events.push({ type: 'exchange', exchange: row });
    return row;
  }

  #change(resourceKind: ResourceKind, id: string, kind: ChangeKind, added: ResourceRef[] = []): Change {
    this.#seq += 1;
    const change: Change = {
      seq: this.#seq,
      at: timeOf(this.#seq),
      directoryId: DIRECTORY,
      resourceKind,
      resourceId: id,
      resourceName: id,
      kind,
      fields: kind === 'updated' ? [{ path: 'title', before: 'a', after: 'b' }] : [],
      members: added.length === 0 ? null : { addedCount: added.length, removedCount: 0, added, removed: [] },
      actor: 'Okta',
      exchangeId: 1,
    };
    this.#events.push({ type: 'change', change });
    return change;
  }

  #answer({ pathname, searchParams }: URL): Answer {
    const [, , , , kind, id] = pathname.split('/');
    const search = searchParams.get('search') ?? '';
    if (pathname.startsWith('/api/exchanges/'))
      return found(
        this.exchanges.find((row) => pathname.endsWith(`/${row.id}`)),
        'row',
      );
    if (kind === 'exchanges') return this.#listExchanges(searchParams, search);
    const rows: (UserRow | GroupRow)[] = kind === 'users' ? this.users : this.groups;
    if (id !== undefined)
      return found(
        rows.find((row) => row.id === decodeURIComponent(id)),
        'row',
      );
    const status = searchParams.get('status') ?? 'all';
    const fitting = rows.filter((row) => row.displayName.includes(search) && fits(row, status));
    const offset = Number(searchParams.get('offset') ?? 0);
    return ok(page(fitting, offset, Number(searchParams.get('limit') ?? 200)));
  }

  #listExchanges(query: URLSearchParams, search: string): Answer {
    const show = query.get('show') ?? 'all';
    const before = Number(query.get('before') ?? Infinity);
    const fitting = this.exchanges.filter(
      ({ isWrite, status, noteCount, summary }) =>
        summary.text.includes(search) &&
        (show !== 'writes' || isWrite) &&
        (show !== 'errors' || status >= 400) &&
        (show !== 'notes' || noteCount > 0),
    );
    const older = fitting.filter(({ id }) => id < before);
    return ok({ ...page(older, 0, Number(query.get('limit') ?? 100)), total: fitting.length });
  }
}

/** `2026-06-07T12:00:00.000Z`, some seconds later each time. */
function timeOf(seconds: number): string {
  return new Date(Date.UTC(2026, 5, 7, 12) + seconds * 1_000).toISOString();
}

function userRow(id: string): UserRow {
  return {
    id,
    userName: `${id}@example.com`,
    displayName: id,
    active: true,
    groups: 0,
    source: 'Okta',
    modifiedAt: timeOf(0),
    lastChange: null,
  };
}

function fits(row: UserRow | GroupRow, status: string): boolean {
  return status === 'all' || ('active' in row && row.active === (status === 'active'));
}

function page<Row>(rows: Row[], offset: number, limit: number): Page<Row> {
  return { total: rows.length, items: rows.slice(offset, offset + limit) };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function found(row: unknown, as: string): Answer {
  if (row !== undefined) return ok({ [as]: row, changes: [] });
  return { status: 404, body: { code: 'notFound', message: 'There is no such resource.', field: null } };
}
