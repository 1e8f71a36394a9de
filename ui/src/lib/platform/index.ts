import type { Platform } from './platform';

export type { ConnectionState, PageNotifications, Platform } from './platform';

/** The platform this page runs on. Each is its own chunk, so that a browser never loads the window's. */
export async function detectPlatform(): Promise<Platform> {
  if ('__TAURI_INTERNALS__' in window) return (await import('./tauri')).tauri;
  return (await import('./web')).web;
}
