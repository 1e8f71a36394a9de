import type { AppState } from './app.svelte';
import { formatRoute, type Route } from './route';

/** The link to a page, for a browser on this computer; `null` where only the window has the interface. */
export function linkTo({ platform, server }: Pick<AppState, 'platform' | 'server'>, route: Route): string | null {
  const url = platform.isWindow ? (server.status?.controlUrl ?? null) : platform.controlUrl;
  return url === null ? null : `${url}/#${formatRoute(route)}`;
}
