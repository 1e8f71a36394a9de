import type { Event } from '$lib/api/types';
import type { ConnectionState } from './platform';

/** How long to wait before the next try: longer each time, for a server may stay away for long. */
export const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/**
 * Follows the live events over HTTP until the returned function is called, and says how the connection is. It tries again
 * by itself, and at once when somebody comes back to the page. `EventSource` alone would try for ever without a word, and
 * could not tell a server that is gone from one that no longer lets this page in.
 */
export function followEvents(onBatch: (batch: Event[]) => void, onState: (state: ConnectionState) => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let isStopped = false;

  function open(): void {
    source = new EventSource('/api/live');
    source.onmessage = (message: MessageEvent<string>) => {
      tries = 0;
      onState('live');
      onBatch(JSON.parse(message.data) as Event[]);
    };
    source.onerror = () => {
      source?.close();
      source = null;
      onState('lost');
      wait();
    };
  }

  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void tryAgain(), PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
    tries += 1;
  }

  async function tryAgain(): Promise<void> {
    clearTimeout(timer);
    const status = await fetch('/api/status').then(
      (response) => response.status,
      () => 0,
    );
    if (isStopped || source !== null) return;
    if (status === 200) return open();
    onState(status === 401 || status === 403 ? 'refused' : 'lost');
    wait();
  }

  function comeBack(): void {
    if (source === null && !document.hidden) void tryAgain();
  }

  open();
  document.addEventListener('visibilitychange', comeBack);
  window.addEventListener('online', comeBack);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    source?.close();
    source = null;
    document.removeEventListener('visibilitychange', comeBack);
    window.removeEventListener('online', comeBack);
  };
}
