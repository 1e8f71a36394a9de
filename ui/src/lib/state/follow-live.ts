import { onMount } from 'svelte';
import type { Event } from '$lib/api';
import type { Connection } from './connection.svelte';

/** Something that takes live events in as long as it is on the page. */
export interface Live {
  apply: (batch: Event[]) => void;
  stop: () => void;
  /** Reads again what could not be read, now that there is an answer. */
  recover?: () => void;
}

/** Passes live events on to all of `lives` as long as the component that calls this is on the page; `load` reads what it shows. */
export function followLive(connection: Connection, lives: Live[], load: () => Promise<void>): void {
  onMount(() => {
    const unsubscribe = connection.onBatch((batch) => {
      lives.forEach((live) => live.apply(batch));
      if (batch.some(({ type }) => type === 'resync')) lives.forEach((live) => live.recover?.());
    });
    void load();
    return () => {
      unsubscribe();
      lives.forEach((live) => live.stop());
    };
  });
}
