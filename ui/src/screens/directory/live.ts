import type { Event } from '$lib/api';
import type { AppState } from '$lib/state/app.svelte';

/** Something that takes live events in as long as it is on the page. */
export interface Live {
  apply: (batch: Event[]) => void;
  stop: () => void;
}

/** Passes live events on to all of `lives` until the returned function is called. */
export function followLive(app: AppState, lives: Live[]): () => void {
  const unsubscribe = app.onBatch((batch) => lives.forEach((live) => live.apply(batch)));
  return () => {
    unsubscribe();
    lives.forEach((live) => live.stop());
  };
}
