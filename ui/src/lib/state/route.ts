/** The tabs of a directory's page. */
export type DirectoryTab = 'users' | 'groups' | 'requests' | 'guide' | 'simulator' | 'app';

/** In order. */
export const directoryTabs: readonly DirectoryTab[] = ['users', 'groups', 'requests', 'guide', 'simulator', 'app'];

export type Order = 'asc' | 'desc';

/** Which rows a list shows, and in which order; what is left out is as the list begins. */
export interface ListView {
  search?: string | undefined;
  /** The filter, as the server calls it. */
  show?: string | undefined;
  sort?: string | undefined;
  order?: Order | undefined;
}

/** A list and what is open beside it. */
export interface ListPlace extends ListView {
  /** The id of the user, group, request or run that is open. */
  open?: string | undefined;
  /** The part of it that is looked at. */
  part?: string | undefined;
  /** It is looked at as it was after the change of this number. */
  at?: number | undefined;
  /** What it is compared with: another request by its id, or a moment of the same resource by the number of the change. */
  with?: number | undefined;
}

/** What the main pane shows. */
export type Route =
  | {
      screen: 'home';
      /** The environment; none: the one in force. */ id?: string;
    }
  | { screen: 'organization'; id: string }
  | ({ screen: 'directory'; id: string; tab: DirectoryTab } & ListPlace)
  | ({ screen: 'unattributed' } & ListPlace)
  /** A server of others is checked; what is open is a run. */
  | ({ screen: 'check' } & ListPlace)
  | {
      screen: 'request';
      /** Of the recorded request that is alone in its window. */ id: string;
    }
  /** A case that was opened here; what is open is a request of it. */
  | ({ screen: 'case'; id: string } & ListPlace)
  | { screen: 'settings' }
  | {
      screen: 'unknown';
      /** Which no page has. */ address: string;
    };

/** The address of a page, as it stands after the `#`: `/directories/okta/users/2819c223?show=active`. */
export function formatRoute(route: Route): string {
  switch (route.screen) {
    case 'home':
      return route.id === undefined ? '/' : pathOf('environments', route.id);
    case 'organization':
      return pathOf('organizations', route.id);
    case 'directory':
      return pathOf('directories', route.id, route.tab, route.open) + queryOf(route);
    case 'unattributed':
      return pathOf('requests', route.open) + queryOf(route);
    case 'check':
      return pathOf('check', route.open) + queryOf(route);
    case 'request':
      return pathOf('requests', route.id, 'alone');
    case 'case':
      return pathOf('cases', route.id, route.open) + queryOf(route);
    case 'settings':
      return '/settings';
    case 'unknown':
      return route.address;
  }
}

/** The page at an address; every address has one. */
export function parseRoute(address: string): Route {
  const [path = '', query = ''] = address.split(/\?(.*)/s);
  const [root, ...parts] = path.split('/');
  const [kind, id, tab, open] = parts.map(decoded);
  if (root === '' && !parts.slice(0, -1).includes('')) {
    if (parts.length <= 1 && !kind) return { screen: 'home' };
    if (parts.length === 1 && kind === 'settings') return { screen: 'settings' };
    if (parts.length === 2 && id) {
      if (kind === 'environments') return { screen: 'home', id };
      if (kind === 'organizations') return { screen: 'organization', id };
    }
    if (parts.length <= 2 && kind === 'requests') return { screen: 'unattributed', ...placeOf(id, query) };
    if (parts.length <= 2 && kind === 'check') return { screen: 'check', ...placeOf(id, query) };
    if (parts.length === 3 && kind === 'requests' && id && tab === 'alone') return { screen: 'request', id };
    if (parts.length <= 3 && kind === 'cases' && id) return { screen: 'case', id, ...placeOf(tab, query) };
    if (parts.length <= 4 && kind === 'directories' && id && isTab(tab))
      return { screen: 'directory', id, tab, ...placeOf(open, query) };
  }
  return { screen: 'unknown', address };
}

/** Whether two addresses are of one page, whatever stands in its list and beside it. */
export function isSamePage(one: Route, other: Route): boolean {
  const pageOf = (route: Route) =>
    'tab' in route ? [route.screen, route.id, route.tab] : [route.screen, 'id' in route ? route.id : ''];
  return pageOf(one).join() === pageOf(other).join();
}

function isTab(text: string | undefined): text is DirectoryTab {
  return directoryTabs.some((tab) => tab === text);
}

function pathOf(...parts: (string | undefined)[]): string {
  return parts.map((part) => (part === undefined ? '' : `/${encodeURIComponent(part)}`)).join('');
}

function queryOf({ search, show, sort, order, part, at, with: other }: ListPlace): string {
  const asked = Object.entries({ search, show, sort, order, part, at: at?.toString(), with: other?.toString() });
  const query = new URLSearchParams(asked.filter((pair): pair is [string, string] => pair[1] !== undefined)).toString();
  return query === '' ? '' : `?${query}`;
}

function placeOf(open: string | undefined, query: string): ListPlace {
  const asked = new URLSearchParams(query);
  const text = (name: string) => asked.get(name) ?? undefined;
  const order = text('order');
  const number = (name: string) => (/^\d{1,15}$/.test(text(name) ?? '') ? Number(text(name)) : undefined);
  const place: ListPlace = {
    search: text('search'),
    show: text('show'),
    sort: text('sort'),
    order: order === 'asc' || order === 'desc' ? order : undefined,
    open: open === '' ? undefined : open,
    part: text('part'),
    at: number('at'),
    with: number('with'),
  };
  return Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
