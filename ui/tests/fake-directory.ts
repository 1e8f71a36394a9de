import type {
  Actor,
  Change,
  ChangeKind,
  Event,
  ExchangeRow,
  GroupCounts,
  GroupRow,
  History,
  Page,
  ResourceKind,
  ResourceRef,
  UserCounts,
  UserRow,
} from '$lib/api';
import { FakePlatform, type Answer } from './fake-platform';

// For tests: one directory in memory, with an identity provider that changes it. What happened is kept as events, to be
// passed on when the test says so.

export const DIRECTORY = 'dir1';

export const OKTA: Actor = { idp: 'okta', name: 'Okta' };

export class FakeDirectory extends FakePlatform {
  users: UserRow[] = [];
  deletedUsers: UserRow[] = [];
  groups: GroupRow[] = [];
  /** Of whichever group is asked for. */
  members: ResourceRef[] = [];
  /** All changes, newest first. */
  changes: Change[] = [];
  isHistoryCut = false;
  exchanges: ExchangeRow[] = [];
  /** Paths that were asked for. */
  asked: string[] = [];
  /** Requests that one answer to a search looks into. */
  patience = Infinity;
  /** While set, everything is refused with it. */
  failure: Answer | null = null;
  /** While true, answers wait for `release`. */
  isHolding = false;
  #waiting: (() => void)[] = [];
  #events: Event[] = [];
  #seq = 0;

  async answer(_method: string, path: string): Promise<Answer> {
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
    const state = kind === 'deactivated' ? 'deactivated' : user.state;
    this.users = [{ ...user, state, lastChange }, ...this.users.filter((row) => row.id !== id)];
    this.exchange({ method: 'PUT', text: `Okta updated ${id}` });
  }

  deleteUser(id: string): void {
    const lastChange = this.#change('user', id, 'deleted');
    const user = this.users.find((row) => row.id === id) ?? userRow(id);
    this.deletedUsers.unshift({ ...user, state: 'deleted', lastChange });
    this.users = this.users.filter((row) => row.id !== id);
    this.exchange({ method: 'DELETE', status: 204, text: `Okta deleted ${id}` });
  }

  createGroup(id: string): void {
    const lastChange = this.#change('group', id, 'created');
    this.groups.unshift({
      id,
      displayName: id,
      state: 'active',
      members: 0,
      unknownMembers: 0,
      firstMembers: [],
      source: OKTA,
      modifiedAt: lastChange.at,
      lastChange,
      moved: null,
    });
  }

  addMember(groupId: string, userId: string): void {
    const added: ResourceRef[] = [{ id: userId, kind: 'user', name: userId }];
    this.#change('group', groupId, 'membersChanged', added);
    this.groups = this.groups.map((row) => (row.id === groupId ? { ...row, members: row.members + 1 } : row));
    this.users = this.users.map((row) => (row.id === userId ? { ...row, groups: row.groups + 1 } : row));
  }

  /** A push of a user fails, or works again. */
  setDrift(id: string, isAdrift: boolean): void {
    const drift = isAdrift
      ? ({
          kind: 'notUpdated',
          at: timeOf(this.#seq),
          exchangeId: 1,
          actor: OKTA,
          retriesDeactivation: false,
          method: 'PUT',
          status: 500,
          reason: 'The disk is full.',
        } as const)
      : null;
    this.users = this.users.map((row) => (row.id === id ? { ...row, drift } : row));
    this.#events.push({ type: 'drift', directoryId: DIRECTORY, ids: [id] });
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
      actor: OKTA,
      summary: { text, subject: null, outcome: null },
      noteCount: notes,
      isWrite: method !== 'GET',
      story: null,
      replayOf: null,
      isSimulated: false,
      isPinned: false,
      annotation: null,
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
      fieldCount: kind === 'updated' ? 1 : 0,
      fields: kind === 'updated' ? [{ path: 'title', before: 'a', after: 'b' }] : [],
      members: added.length === 0 ? null : { addedCount: added.length, removedCount: 0, added, removed: [] },
      actor: OKTA,
      exchangeId: 1,
    };
    this.#events.push({ type: 'change', change });
    this.changes.unshift(change);
    return change;
  }

  #answer({ pathname, searchParams }: URL): Answer {
    const [, , , , kind, id, part, seq] = pathname.split('/').map(decodeURIComponent);
    const search = searchParams.get('search') ?? '';
    if (pathname.startsWith('/api/exchanges/'))
      return found(
        this.exchanges.find((row) => pathname.endsWith(`/${row.id}`)),
        (row) => ({ row, changes: [] }),
      );
    if (kind === 'exchanges') return this.#listExchanges(searchParams, search);
    const offset = Number(searchParams.get('offset') ?? 0);
    const limit = Number(searchParams.get('limit') ?? 200);
    if (part === 'history') return ok(this.#history(id ?? '', limit, Number(searchParams.get('before') ?? Infinity)));
    if (part === 'at') return this.#at(id ?? '', Number(seq));
    if (part === 'members')
      return ok(
        page(
          this.members.filter(({ name }) => name.includes(search)),
          offset,
          limit,
        ),
      );
    const rows: (UserRow | GroupRow)[] = kind === 'users' ? [...this.users, ...this.deletedUsers] : this.groups;
    if (id !== undefined)
      return found(
        rows.find((row) => row.id === id),
        (row) => ({ row, resource: { id }, groups: [], history: this.#history(id, 50), createdAgain: null }),
      );
    const status = searchParams.get('status') ?? 'all';
    const matching = rows.filter((row) => row.displayName.includes(search));
    const fitting = matching.filter((row) => fits(row, status));
    return ok({ ...page(fitting, offset, limit), counts: counts(matching) });
  }

  #history(id: string, limit: number, before = Infinity): History {
    const own = this.changes.filter(({ resourceId }) => resourceId === id);
    const items = own.filter(({ seq }) => seq < before).slice(0, limit);
    return {
      total: own.length,
      items: items.map((change) => ({ change, moved: null, request: null })),
      isCut: this.isHistoryCut,
    };
  }

  #at(id: string, seq: number): Answer {
    const change = this.changes.find((known) => known.seq === seq);
    return found(change, ({ at, fields, kind }) => ({
      seq,
      at,
      resource: { id, seq },
      isDeleted: kind === 'deleted',
      changed: fields,
      since: [],
      groups: [],
      groupCount: 0,
      memberCount: 0,
    }));
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
    const limit = Number(query.get('limit') ?? 100);
    const below = this.exchanges.filter(({ id }) => id < before);
    const lookedInto = search === '' ? below : below.slice(0, this.patience);
    const older = fitting.filter((row) => lookedInto.includes(row));
    const rest = lookedInto.length < below.length ? lookedInto.at(-1)?.id : null;
    const next = older.length < limit ? rest : older[limit - 1]?.id;
    return ok({ ...page(older, 0, limit), total: fitting.length, next });
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
    state: 'active',
    groups: 0,
    source: OKTA,
    modifiedAt: timeOf(0),
    lastChange: null,
    moved: null,
    drift: null,
  };
}

function fits(row: UserRow | GroupRow, status: string): boolean {
  if (status === 'all') return row.state !== 'deleted';
  if (status === 'outOfStep') return 'drift' in row && row.drift !== null;
  return row.state === status;
}

function counts(rows: (UserRow | GroupRow)[]): UserCounts & GroupCounts {
  const count = (status: string) => rows.filter((row) => fits(row, status)).length;
  return {
    all: count('all'),
    active: count('active'),
    deactivated: count('deactivated'),
    changed: 0,
    outOfStep: count('outOfStep'),
    deleted: count('deleted'),
    withMembers: 0,
    empty: 0,
  };
}

function page<Row>(rows: Row[], offset: number, limit: number): Page<Row> {
  return { total: rows.length, items: rows.slice(offset, offset + limit) };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function found<Found>(thing: Found | undefined, as: (thing: Found) => unknown): Answer {
  if (thing !== undefined) return ok(as(thing));
  return { status: 404, body: { code: 'notFound', message: 'There is no such resource.', field: null } };
}
