import type { AppState } from '$lib/state/app.svelte';

/** Where a request of a directory was sent to; `null`: of none. */
export function baseUrlOf(app: AppState, directoryId: string | null): string {
  return app.directory(directoryId ?? '')?.baseUrl ?? `http://127.0.0.1:${app.status?.listener.port ?? 0}`;
}
