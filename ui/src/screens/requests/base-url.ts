import type { AppState } from '$lib/state/app.svelte';

/** Where a request of a directory was sent to; `null`: of none. */
export function baseUrlOf(
  { workspace, server }: Pick<AppState, 'workspace' | 'server'>,
  directoryId: string | null,
): string {
  return workspace.directory(directoryId ?? '')?.baseUrl ?? `http://127.0.0.1:${server.status?.listener.port ?? 0}`;
}
