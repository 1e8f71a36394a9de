import createClient from 'openapi-fetch';
import type { Platform } from '$lib/platform';
import { ApiError } from './error';
import type { paths } from './schema';
import type * as T from './types';

/** Where the reader is: a search can name times. */
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The control API, one method per operation. Every refusal is thrown as an `ApiError`. */
export class Client {
  private readonly api;

  constructor(platform: Platform) {
    this.api = createClient<paths>({
      baseUrl: platform.controlUrl,
      fetch: (request) => platform.request(request),
    });
  }

  readStatus = () => result(this.api.GET('/api/status'));
  dismissAbsence = () => result(this.api.DELETE('/api/status/absence'));
  checkData = (body: T.CheckData) => result(this.api.POST('/api/data/check', { body }));
  listBackups = () => result(this.api.GET('/api/data/backups'));
  createBackup = () => result(this.api.POST('/api/data/backups'));
  deleteBackup = (name: string) => result(this.api.DELETE('/api/data/backups/{name}', at({ name })));
  stageRestore = (name: string) => result(this.api.POST('/api/data/backups/{name}/restore', at({ name })));
  cancelRestore = () => result(this.api.DELETE('/api/data/restore'));
  listSetAside = () => result(this.api.GET('/api/data/set-aside'));
  deleteSetAside = (name: string) => result(this.api.DELETE('/api/data/set-aside/{name}', at({ name })));
  readStorage = () => result(this.api.GET('/api/data'));
  readLog = () => result(this.api.GET('/api/log'));
  readSettings = () => result(this.api.GET('/api/settings'));
  updateSettings = (body: T.SettingsPatch) => result(this.api.PATCH('/api/settings', { body }));
  openListener = (port: number) => result(this.api.POST('/api/listener', { body: { port } }));
  checkPublicUrl = (url: string, localOnly: boolean) =>
    result(this.api.POST('/api/public-url/check', { body: { url, localOnly } }));
  readTree = () => result(this.api.GET('/api/tree'));

  createEnvironment = (body: T.NewEnvironment) => result(this.api.POST('/api/environments', { body }));
  updateEnvironment = (id: string, body: T.EnvironmentPatch) =>
    result(this.api.PATCH('/api/environments/{id}', { ...at({ id }), body }));
  deleteEnvironment = (id: string, name: string) =>
    result(this.api.DELETE('/api/environments/{id}', { ...at({ id }), body: { name } }));
  checkTunnel = (id: string) => result(this.api.POST('/api/environments/{id}/tunnel-check', at({ id })));
  detectTunnels = () => result(this.api.POST('/api/tunnels/detect'));
  find = (query: T.Find) => result(this.api.GET('/api/search', { params: { query: { ...query, zone: ZONE } } }));
  readEnvironmentContents = (id: string) => result(this.api.GET('/api/environments/{id}/contents', at({ id })));

  listApiKeys = (id: string) => result(this.api.GET('/api/environments/{id}/api-keys', at({ id })));
  createApiKey = (id: string, body: T.NewApiKey) =>
    result(this.api.POST('/api/environments/{id}/api-keys', { ...at({ id }), body }));
  revokeApiKey = (id: string) => result(this.api.DELETE('/api/api-keys/{id}', at({ id })));
  listApiCalls = (id: string, query: T.ListApiCalls) =>
    result(this.api.GET('/api/environments/{id}/api-calls', asking({ id }, query)));
  deleteApiCalls = (id: string) => result(this.api.DELETE('/api/environments/{id}/api-calls', at({ id })));
  // openapi-fetch widens the pairs of headers to arrays.
  readApiCall = (id: number) => result(this.api.GET('/api/api-calls/{id}', at({ id }))) as Promise<T.ApiCallDetail>;

  listWebhooks = (id: string) => result(this.api.GET('/api/environments/{id}/webhooks', at({ id })));
  createWebhook = (id: string, body: T.NewWebhook) =>
    result(this.api.POST('/api/environments/{id}/webhooks', { ...at({ id }), body }));
  updateWebhook = (id: string, body: T.WebhookPatch) =>
    result(this.api.PATCH('/api/webhooks/{id}', { ...at({ id }), body }));
  deleteWebhook = (id: string) => result(this.api.DELETE('/api/webhooks/{id}', at({ id })));
  rotateWebhookSecret = (id: string) => result(this.api.POST('/api/webhooks/{id}/secret', at({ id })));
  testWebhook = (id: string) => result(this.api.POST('/api/webhooks/{id}/test', at({ id })));
  listDeliveries = (id: string, query: T.ListDeliveries) =>
    result(this.api.GET('/api/webhooks/{id}/deliveries', asking({ id }, query)));
  // openapi-fetch widens the pairs of headers to arrays.
  readDelivery = (id: string, event: string) =>
    result(this.api.GET('/api/webhooks/{id}/deliveries/{event}', at({ id, event }))) as Promise<T.DeliveryDetail>;
  sendDeliveryAgain = (id: string, event: string) =>
    result(this.api.POST('/api/webhooks/{id}/deliveries/{event}/attempts', at({ id, event })));

  createOrganization = (body: T.NewOrganization) => result(this.api.POST('/api/organizations', { body }));
  updateOrganization = (id: string, body: T.OrganizationPatch) =>
    result(this.api.PATCH('/api/organizations/{id}', { ...at({ id }), body }));
  deleteOrganization = (id: string, name: string) =>
    result(this.api.DELETE('/api/organizations/{id}', { ...at({ id }), body: { name } }));
  readOrganizationContents = (id: string) => result(this.api.GET('/api/organizations/{id}/contents', at({ id })));

  createDirectory = (body: T.NewDirectoryRequest) => result(this.api.POST('/api/directories', { body }));
  checkForwarding = (body: T.ForwardingRequest, directoryId?: string) =>
    result(this.api.POST('/api/forwarding-checks', { body, params: { query: { directoryId } } }));
  updateDirectory = (id: string, body: T.DirectoryPatch) =>
    result(this.api.PATCH('/api/directories/{id}', { ...at({ id }), body }));
  deleteDirectory = (id: string, name: string) =>
    result(this.api.DELETE('/api/directories/{id}', { ...at({ id }), body: { name } }));
  resetDirectory = (id: string) => result(this.api.POST('/api/directories/{id}/reset', at({ id })));
  readDirectoryContents = (id: string) => result(this.api.GET('/api/directories/{id}/contents', at({ id })));
  listIdentityProviders = () => result(this.api.GET('/api/identity-providers'));
  listPolicyPresets = () => result(this.api.GET('/api/policy-presets'));
  listPolicySwitches = () => result(this.api.GET('/api/policy-switches'));
  createToken = (id: string) => result(this.api.POST('/api/directories/{id}/token', at({ id })));

  /** Sends a SCIM request as the person; whatever comes of it is answered as it was recorded. */
  // openapi-fetch widens the pairs of `headers` to arrays.
  sendRequest = (id: string, body: T.RequestDraft) =>
    result(this.api.POST('/api/directories/{id}/requests', { ...at({ id }), body })) as Promise<T.Exchange>;
  rehearseRequest = (id: string, body: T.RequestDraft) =>
    result(this.api.POST('/api/directories/{id}/requests/rehearsal', { ...at({ id }), body }));

  forgetFormerUrl = (id: string) => result(this.api.DELETE('/api/directories/{id}/former-url', at({ id })));

  /** The guide of a directory; with `track` that of another one, to look at. */
  readGuide = (id: string, query: T.ReadGuide = {}) =>
    result(this.api.GET('/api/directories/{id}/guide', asking({ id }, query)));
  updateGuide = (id: string, body: T.GuidePatch) =>
    result(this.api.PATCH('/api/directories/{id}/guide', { ...at({ id }), body }));

  listUsers = (id: string, query: T.ListUsers = {}) =>
    result(this.api.GET('/api/directories/{id}/users', asking({ id }, query)));
  readUser = (id: string, userId: string) =>
    result(this.api.GET('/api/directories/{id}/users/{userId}', at({ id, userId })));
  readUserHistory = (id: string, userId: string, query: T.ReadHistory = {}) =>
    result(this.api.GET('/api/directories/{id}/users/{userId}/history', asking({ id, userId }, query)));
  readUserAt = (id: string, userId: string, seq: number) =>
    result(this.api.GET('/api/directories/{id}/users/{userId}/at/{seq}', at({ id, userId, seq })));
  listGroups = (id: string, query: T.ListGroups = {}) =>
    result(this.api.GET('/api/directories/{id}/groups', asking({ id }, query)));
  readGroup = (id: string, groupId: string) =>
    result(this.api.GET('/api/directories/{id}/groups/{groupId}', at({ id, groupId })));
  readGroupHistory = (id: string, groupId: string, query: T.ReadHistory = {}) =>
    result(this.api.GET('/api/directories/{id}/groups/{groupId}/history', asking({ id, groupId }, query)));
  readGroupAt = (id: string, groupId: string, seq: number) =>
    result(this.api.GET('/api/directories/{id}/groups/{groupId}/at/{seq}', at({ id, groupId, seq })));
  listMembers = (id: string, groupId: string, query: T.ListMembers = {}) =>
    result(this.api.GET('/api/directories/{id}/groups/{groupId}/members', asking({ id, groupId }, query)));
  listMovedMembers = (id: string, groupId: string, seq: number, query: T.ListMovedMembers = {}) =>
    result(this.api.GET('/api/directories/{id}/groups/{groupId}/moved/{seq}', asking({ id, groupId, seq }, query)));
  listExchanges = (id: string, query: T.ListExchanges = {}) =>
    result(this.api.GET('/api/directories/{id}/exchanges', asking({ id }, here(query))));
  previewImport = (id: string, body: T.NewImport) =>
    result(this.api.POST('/api/directories/{id}/imports/preview', { ...at({ id }), body }));
  startImport = (id: string, body: T.NewImport) =>
    result(this.api.POST('/api/directories/{id}/imports', { ...at({ id }), body }));
  startSamples = (id: string, body: T.NewSamples) =>
    result(this.api.POST('/api/directories/{id}/samples', { ...at({ id }), body }));
  startBatch = (id: string, body: T.NewBatch) =>
    result(this.api.POST('/api/directories/{id}/batches', { ...at({ id }), body }));
  listBatches = (id: string) => result(this.api.GET('/api/directories/{id}/batches', at({ id })));
  readBatch = (id: string) => result(this.api.GET('/api/batches/{id}', at({ id })));
  stopBatch = (id: string) => result(this.api.POST('/api/batches/{id}/stop', at({ id })));
  /** Where users or groups are to be had as a file. */
  exportPath = (id: string, query: T.ExportQuery = {}) =>
    `/api/directories/${encodeURIComponent(id)}/export${asked(query)}`;

  /** Where the requests that a query finds are to be had as an HTTP archive. */
  archivePath = (id: string, query: T.CaseQuery = {}) =>
    `/api/directories/${encodeURIComponent(id)}/exchanges.har${asked(here(query))}`;
  /** The same as a case. */
  casePath = (id: string, query: T.CaseQuery = {}) =>
    `/api/directories/${encodeURIComponent(id)}/case${asked(here(query))}`;
  previewCase = (id: string, query: T.CaseQuery = {}) =>
    result(this.api.GET('/api/directories/{id}/case/preview', asking({ id }, here(query))));
  listCases = () => result(this.api.GET('/api/cases'));
  /** Opens a case; whether `file` is one, the server says. */
  openCase = (file: string) =>
    result(this.api.POST('/api/cases', { body: file, bodySerializer: () => file })) as Promise<T.OpenedCase>;
  readCase = (id: string) => result(this.api.GET('/api/cases/{id}', at({ id }))) as Promise<T.OpenedCase>;
  // openapi-fetch widens the pairs of `headers` to arrays.
  readCaseExchange = (id: string, exchange: number) =>
    result(this.api.GET('/api/cases/{id}/exchanges/{exchange}', at({ id, exchange }))) as Promise<T.Exchange>;
  closeCase = (id: string) => result(this.api.DELETE('/api/cases/{id}', at({ id })));
  // openapi-fetch widens the pairs of `headers` to arrays.
  readExchange = (id: number) => result(this.api.GET('/api/exchanges/{id}', at({ id }))) as Promise<T.Exchange>;
  markExchange = (id: number, body: T.ExchangePatch) =>
    result(this.api.PATCH('/api/exchanges/{id}', { ...at({ id }), body })) as Promise<T.Exchange>;
  comparableExchanges = (id: number) => result(this.api.GET('/api/exchanges/{id}/comparable', at({ id })));
  readReplay = (id: number) => result(this.api.GET('/api/exchanges/{id}/replay', at({ id })));
  replay = (id: number) => result(this.api.POST('/api/exchanges/{id}/replay', at({ id }))) as Promise<T.Exchange>;

  readSimulator = (id: string, query: T.ReadSimulator = {}) =>
    result(this.api.GET('/api/directories/{id}/simulator', asking({ id }, query)));
  readChecker = () => result(this.api.GET('/api/simulator'));
  startSimulation = (body: T.NewSimulation) => result(this.api.POST('/api/simulations', { body }));
  // openapi-fetch widens the pairs of `headers` to arrays.
  readSimulation = (id: string, after: number) =>
    result(this.api.GET('/api/simulations/{id}', asking({ id }, { after }))) as Promise<T.SimulationPage>;
  stopSimulation = (id: string) => result(this.api.POST('/api/simulations/{id}/stop', at({ id })));
  readSimulationStep = (id: string, number: number) =>
    result(this.api.GET('/api/simulations/{id}/steps/{number}', at({ id, number }))) as Promise<T.StepReport>;
  readSimulationCheck = (id: string, check: string) =>
    result(this.api.GET('/api/simulations/{id}/checks/{check}', at({ id, check }))) as Promise<T.CheckOutcome>;
  /** Where the report of a run is to be had as a file. */
  reportPath = (id: string, format: T.ReportFormat) =>
    `/api/simulations/${encodeURIComponent(id)}/report?format=${format}`;
  startDemo = (environmentId: string) => result(this.api.POST('/api/demo', { body: { environmentId } }));
  readDemo = (id: string) => result(this.api.GET('/api/directories/{id}/demo', at({ id })));
  keepDemo = (id: string) => result(this.api.POST('/api/directories/{id}/demo/keep', at({ id })));
  deleteDemo = (id: string, query: T.DeleteDemo = {}) =>
    result(this.api.DELETE('/api/directories/{id}/demo', asking({ id }, query)));

  deleteExchanges = (id: string, pinned = false) =>
    result(this.api.DELETE('/api/directories/{id}/exchanges', asking({ id }, { pinned })));
}

function here<Query extends { search?: string }>(query: Query): Query & { zone?: string } {
  return query.search ? { ...query, zone: ZONE } : query;
}

/** Where an operation is, by what its path names. */
const at = <Path>(path: Path) => ({ params: { path } });
/** The same, with what is asked of it. */
const asking = <Path, Query>(path: Path, query: Query) => ({ params: { path, query } });

/** The same in an address. */
function asked(query: Record<string, unknown>): string {
  const named = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return `?${new URLSearchParams(named).toString()}`;
}

/** What an operation answered, or its refusal thrown. */
async function result<Data>(asked: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  const { data, error, response } = await asked.catch((thrown: unknown) => {
    throw thrown instanceof SyntaxError ? ApiError.of(thrown) : ApiError.unreachable();
  });
  if (!response.ok) throw ApiError.from(response.status, error);
  return data as Data;
}
