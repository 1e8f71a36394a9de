// The wire types: twins of src-tauri/server/src/model.rs, with the same names. Times are RFC 3339 in UTC with milliseconds.

export type Timestamp = string;
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Environment {
  id: string;
  name: string;
  publicUrl: string | null;
  localOnly: boolean;
  createdAt: Timestamp;
}

export interface Organization {
  id: string;
  environmentId: string;
  name: string;
  externalId: string | null;
  emailDomains: string[];
  createdAt: Timestamp;
}

export type PolicyMode = 'tolerant' | 'strict';

/** How lenient a directory is. It carries more switches, which are to be sent back as they came. */
export interface Policy {
  mode: PolicyMode;
}

export interface Directory {
  id: string;
  organizationId: string;
  name: string;
  isPrimary: boolean;
  policy: Policy;
  baseUrl: string;
  baseUrlIsLocal: boolean;
  token: TokenInfo | null;
  counts: Counts;
  createdAt: Timestamp;
  lastRequest: LastRequest | null;
  rejected: Rejected | null;
}

export interface TokenInfo {
  lastFour: string;
  createdAt: Timestamp;
  lastUsedAt: Timestamp | null;
  isRotated: boolean;
}

/** The one answer that carries a plain token: keep it in a dialog's local state only. */
export interface TokenCreated {
  token: string;
  lastFour: string;
  createdAt: Timestamp;
}

export interface Counts {
  users: number;
  activeUsers: number;
  groups: number;
  exchanges: number;
  errors: number;
}

export interface LastRequest {
  at: Timestamp;
  status: number;
}

export interface Rejected {
  count: number;
  since: Timestamp;
  reason: string;
}

export interface Tree {
  environments: Environment[];
  organizations: Organization[];
  directories: Directory[];
}

export interface Contents {
  organizations: number;
  directories: number;
  users: number;
  groups: number;
  exchanges: number;
}

export type ResourceKind = 'user' | 'group';

export interface UserRow {
  id: string;
  userName: string;
  displayName: string;
  active: boolean;
  groups: number;
  source: string;
  modifiedAt: Timestamp;
  lastChange: Change | null;
}

export interface GroupRow {
  id: string;
  displayName: string;
  members: number;
  source: string;
  modifiedAt: Timestamp;
  lastChange: Change | null;
}

export interface Page<T> {
  total: number;
  items: T[];
}

export interface UserDetail {
  row: UserRow;
  resource: Json;
  groups: ResourceRef[];
  changes: Change[];
}

export interface GroupDetail {
  row: GroupRow;
  resource: Json;
  members: ResourceRef[];
  changes: Change[];
}

export interface ResourceRef {
  id: string;
  kind: ResourceKind | null;
  name: string;
}

export type ChangeKind = 'created' | 'updated' | 'deactivated' | 'reactivated' | 'membersChanged' | 'deleted';

export interface FieldChange {
  path: string;
  before?: Json;
  after?: Json;
}

export interface Change {
  seq: number;
  at: Timestamp;
  directoryId: string;
  resourceKind: ResourceKind;
  resourceId: string;
  resourceName: string;
  kind: ChangeKind;
  fields: FieldChange[];
  members: MembersChange | null;
  actor: string;
  exchangeId: number | null;
}

export interface MembersChange {
  addedCount: number;
  removedCount: number;
  added: ResourceRef[];
  removed: ResourceRef[];
}

export interface Sentence {
  text: string;
  subject: string | null;
  outcome: string | null;
}

export type AuthVerdict =
  | 'matched'
  | 'notNeeded'
  | 'missing'
  | 'malformed'
  | 'unknown'
  | 'retired'
  | 'otherDirectory'
  | 'noTokenYet'
  | 'unknownDirectory';

export interface Authorization {
  verdict: AuthVerdict;
  text: string;
  lastFour: string | null;
}

export interface ExchangeRow {
  id: number;
  directoryId: string | null;
  at: Timestamp;
  method: string;
  path: string;
  status: number;
  durationMs: number;
  actor: string;
  summary: Sentence;
  noteCount: number;
}

export interface Note {
  rule: string;
  section: string;
  text: string;
}

export interface Exchange {
  row: ExchangeRow;
  target: string;
  authorization: Authorization;
  client: string | null;
  cameThrough: string | null;
  request: Message;
  response: Message;
  notes: Note[];
  changes: Change[];
}

export interface Message {
  headers: [string, string][];
  body: string | null;
  bodyBytes: number;
  isTruncated: boolean;
}

export type ListenerState =
  | { state: 'listening'; address: string; port: number }
  | { state: 'failed'; port: number; message: string; suggestedPort: number | null };

export interface Status {
  version: string;
  dataFolder: string;
  listener: ListenerState;
  controlUrl: string | null;
  recordingProblem: string | null;
}

export type Theme = 'system' | 'light' | 'dark';

export interface Settings {
  port: number;
  theme: Theme;
  keepExchanges: number;
}

export interface CheckedUrl {
  url: string;
  trimmed: string | null;
}

/** A live event; each can be applied twice without harm. */
export type Event =
  | { type: 'exchange'; exchange: ExchangeRow }
  | { type: 'change'; change: Change }
  | { type: 'directory'; directory: Directory }
  | { type: 'tree' }
  | { type: 'status' }
  | { type: 'resync' };

// Inputs, named after their operations.

export interface CreateEnvironment {
  name: string;
  publicUrl?: string | null;
  localOnly?: boolean;
}
export type UpdateEnvironment = Partial<CreateEnvironment>;

export interface CreateOrganization {
  environmentId: string;
  name: string;
  externalId?: string | null;
  emailDomains?: string[];
}
export type UpdateOrganization = Partial<Omit<CreateOrganization, 'environmentId'>>;

export interface CreateDirectory {
  organizationId: string;
  name: string;
}
export interface UpdateDirectory {
  name?: string;
  isPrimary?: boolean;
  policy?: Policy;
}

export type Order = 'asc' | 'desc';

export interface ListUsers {
  search?: string;
  status?: 'all' | 'active' | 'deactivated';
  sort?: 'modified' | 'name';
  order?: Order;
  offset?: number;
  limit?: number;
}
export type ListGroups = Omit<ListUsers, 'status'>;

export interface ListExchanges {
  search?: string;
  show?: 'all' | 'writes' | 'errors' | 'notes';
  before?: number;
  limit?: number;
}

export interface ListChanges {
  resourceId?: string;
  before?: number;
  limit?: number;
}

export type ErrorCode =
  | 'notFound'
  | 'conflict'
  | 'invalid'
  | 'confirmationMismatch'
  | 'unauthorized'
  | 'portInUse'
  | 'startupFailed'
  | 'forbiddenHost'
  | 'internal'
  /** Not from the server: it could not be reached at all. */
  | 'unreachable';
