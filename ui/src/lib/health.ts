import type { Directory } from './api';
import { words as simulatorWords } from './simulator-words';
import type { AppState } from './state/app.svelte';
import { words } from './words';

/** The state of a directory's connection, as its dot shows it and as its tooltip says it. */
export interface Health {
  state: 'live' | 'connected' | 'waiting' | 'rejected' | 'down' | 'unknown';
  text: string;
}

/** A request within this time makes the dot pulse. */
const LIVE_MS = 60_000;

export function directoryHealth(
  directory: Directory,
  { server, connection, clock }: Pick<AppState, 'server' | 'connection' | 'clock'>,
): Health {
  const { lastRequest, rejected, isDemo } = directory;
  if (connection.state !== 'live') return { state: 'unknown', text: words.dot.unknown };
  if (server.status?.listener.state === 'failed') return { state: 'down', text: words.dot.down };
  if (rejected !== null) return { state: 'rejected', text: words.dot.rejected };
  if (lastRequest === null) return { state: 'waiting', text: isDemo ? simulatorWords.demo.dot : words.dot.waiting };
  const ago = clock.ago(lastRequest.at);
  return clock.isWithin(lastRequest.at, LIVE_MS)
    ? { state: 'live', text: words.dot.live(ago) }
    : { state: 'connected', text: words.dot.connected(ago) };
}
