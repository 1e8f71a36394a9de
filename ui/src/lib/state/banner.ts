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

type State = Pick<
  AppState,
  'connection' | 'serverProblem' | 'route' | 'currentDirectory' | 'movedDirectories' | 'status'
>;

/** The one banner to show: the most severe first. */
export function bannerOf(app: State, tunnel: Pick<TunnelWatch, 'state'>): BannerKind | null {
  const isSettings = app.route.screen === 'settings';
  if (app.connection !== 'live') return 'disconnected';
  if (app.serverProblem === 'notListening') return 'notListening';
  // Settings says it beside the field.
  if (tunnel.state === 'problem' && !isSettings) return 'tunnel';
  if (app.serverProblem === 'notRecording') return 'notRecording';
  if (app.currentDirectory?.rejected) return 'rejected';
  if (app.currentDirectory?.misaddressed) return 'misaddressed';
  if (app.currentDirectory?.nameCollisions.length) return 'nameCollision';
  if (app.movedDirectories.length > 0 && !isSettings) return 'formerUrls';
  if (app.currentDirectory?.isDemo) return 'demo';
  return app.status?.absence ? 'absence' : null;
}
