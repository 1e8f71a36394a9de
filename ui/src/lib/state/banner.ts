import type { AppState } from './app.svelte';
import type { TunnelWatch } from './tunnel-watch.svelte';

/** What the banner above the page can be about. */
export type BannerKind =
  | 'disconnected'
  | 'notListening'
  | 'tunnel'
  | 'notRecording'
  | 'rejected'
  | 'misaddressed'
  | 'nameCollision'
  | 'formerUrls'
  | 'absence'
  | 'demo';

type State = Pick<AppState, 'connection' | 'server' | 'router' | 'workspace'> & { tunnel: Pick<TunnelWatch, 'state'> };

/** The one banner to show: the most severe first. */
export function bannerOf({ connection, server, router, workspace, tunnel }: State): BannerKind | null {
  const isSettings = router.route.screen === 'settings';
  const directory = workspace.currentDirectory;
  if (connection.state !== 'live') return 'disconnected';
  if (server.problem === 'notListening') return 'notListening';
  // Settings says it beside the field.
  if (tunnel.state === 'problem' && !isSettings) return 'tunnel';
  if (server.problem === 'notRecording') return 'notRecording';
  if (directory?.rejected) return 'rejected';
  if (directory?.misaddressed) return 'misaddressed';
  if (directory?.nameCollisions.length) return 'nameCollision';
  if (workspace.movedDirectories.length > 0 && !isSettings) return 'formerUrls';
  if (directory?.isDemo) return 'demo';
  return server.status?.absence ? 'absence' : null;
}
