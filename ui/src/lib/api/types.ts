// What the interface calls the types of the control API. They are made from src-tauri/server/openapi.json: `npm run generate`.

import type { Code, operations } from './schema';

export type * from './schema';

/** A window of a longer list. */
export interface Page<T> {
  total: number;
  items: T[];
}

export type Find = Query<'find'>;
export type ReadGuide = Query<'read_guide'>;
export type ListApiCalls = Query<'list_api_calls'>;
export type ListDeliveries = Query<'list_deliveries'>;
export type ListUsers = Query<'list_users'>;
export type ListGroups = Query<'list_groups'>;
export type ReadHistory = Query<'read_user_history'>;
export type ListMembers = Query<'list_members'>;
export type ListMovedMembers = Query<'list_moved_members'>;
export type CaseQuery = Query<'export_case'>;
export type ListExchanges = Query<'list_exchanges'>;
export type ReadSimulator = Query<'read_simulator'>;
export type ExportQuery = Query<'export_resources'>;
export type DeleteDemo = Query<'delete_demo'>;
export type ReportFormat = NonNullable<Query<'export_simulation'>['format']>;

/** `unreachable` is not from the server: it did not answer at all. */
export type ErrorCode = Code | 'unreachable';

type Query<Operation extends keyof operations> = NonNullable<
  operations[Operation] extends { parameters: { query?: infer Q } } ? Q : never
>;
