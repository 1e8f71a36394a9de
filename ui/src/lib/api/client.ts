import type { Method, Platform } from '$lib/platform';
import { ApiError } from './error';
import type * as T from './types';

/** The control API, one method per operation. Every refusal is thrown as an `ApiError`. */
export class Client {
  constructor(private readonly platform: Platform) {}

  readStatus = () => this.ask<T.Status>('GET', '/api/status');
  readSettings = () => this.ask<T.Settings>('GET', '/api/settings');
  updateSettings = (patch: Partial<T.Settings>) => this.ask<T.Settings>('PATCH', '/api/settings', patch);
  openListener = (port: number) => this.ask<T.Status>('POST', '/api/listener', { port });
  checkPublicUrl = (url: string, localOnly: boolean) =>
    this.ask<T.CheckedUrl>('POST', '/api/public-url/check', { url, localOnly });
  readTree = () => this.ask<T.Tree>('GET', '/api/tree');

  createEnvironment = (input: T.CreateEnvironment) => this.ask<T.Environment>('POST', '/api/environments', input);
  updateEnvironment = (id: string, patch: T.UpdateEnvironment) =>
    this.ask<T.Environment>('PATCH', `/api/environments/${segment(id)}`, patch);
  deleteEnvironment = (id: string, name: string) =>
    this.ask<null>('DELETE', `/api/environments/${segment(id)}`, { name });
  readEnvironmentContents = (id: string) => this.ask<T.Contents>('GET', `/api/environments/${segment(id)}/contents`);

  createOrganization = (input: T.CreateOrganization) => this.ask<T.Organization>('POST', '/api/organizations', input);
  updateOrganization = (id: string, patch: T.UpdateOrganization) =>
    this.ask<T.Organization>('PATCH', `/api/organizations/${segment(id)}`, patch);
  deleteOrganization = (id: string, name: string) =>
    this.ask<null>('DELETE', `/api/organizations/${segment(id)}`, { name });
  readOrganizationContents = (id: string) => this.ask<T.Contents>('GET', `/api/organizations/${segment(id)}/contents`);

  createDirectory = (input: T.CreateDirectory) => this.ask<T.Directory>('POST', '/api/directories', input);
  readDirectory = (id: string) => this.ask<T.Directory>('GET', `/api/directories/${segment(id)}`);
  updateDirectory = (id: string, patch: T.UpdateDirectory) =>
    this.ask<T.Directory>('PATCH', `/api/directories/${segment(id)}`, patch);
  deleteDirectory = (id: string, name: string) => this.ask<null>('DELETE', `/api/directories/${segment(id)}`, { name });
  readDirectoryContents = (id: string) => this.ask<T.Contents>('GET', `/api/directories/${segment(id)}/contents`);
  createToken = (id: string) => this.ask<T.TokenCreated>('POST', `/api/directories/${segment(id)}/token`);

  listUsers = (directoryId: string, query: T.ListUsers = {}) =>
    this.ask<T.Page<T.UserRow>>('GET', `/api/directories/${segment(directoryId)}/users${search(query)}`);
  readUser = (directoryId: string, userId: string) =>
    this.ask<T.UserDetail>('GET', `/api/directories/${segment(directoryId)}/users/${segment(userId)}`);
  listGroups = (directoryId: string, query: T.ListGroups = {}) =>
    this.ask<T.Page<T.GroupRow>>('GET', `/api/directories/${segment(directoryId)}/groups${search(query)}`);
  readGroup = (directoryId: string, groupId: string) =>
    this.ask<T.GroupDetail>('GET', `/api/directories/${segment(directoryId)}/groups/${segment(groupId)}`);
  listExchanges = (directoryId: string, query: T.ListExchanges = {}) =>
    this.ask<T.Page<T.ExchangeRow>>('GET', `/api/directories/${segment(directoryId)}/exchanges${search(query)}`);
  readExchange = (id: number) => this.ask<T.Exchange>('GET', `/api/exchanges/${id}`);
  listChanges = (directoryId: string, query: T.ListChanges = {}) =>
    this.ask<T.Page<T.Change>>('GET', `/api/directories/${segment(directoryId)}/changes${search(query)}`);

  private async ask<Result>(method: Method, path: string, body?: unknown): Promise<Result> {
    const answer = await this.platform.request(method, path, body).catch((thrown: unknown) => {
      throw ApiError.of(thrown);
    });
    if (answer.status >= 400) throw ApiError.from(answer);
    return answer.body as Result;
  }
}

const segment = encodeURIComponent;

/** `?a=1&b=2` of what is set; nothing of what is not. */
function search(query: object): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (pairs.length === 0) return '';
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
}
