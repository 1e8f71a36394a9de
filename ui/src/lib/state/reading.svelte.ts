import { onMount } from 'svelte';
import type { Connection } from './connection.svelte';
import { Submission } from './submission.svelte';

/** Calls `again` whenever the server may have been away and answers now; to be called by a component while it is made. */
export function whenBack(connection: Connection, again: () => void): void {
  onMount(() =>
    connection.onBatch((batch) => {
      if (batch.some(({ type }) => type === 'resync')) again();
    }),
  );
}

/** Reads what a dialog or a setting shows: at once, and again by itself when somebody answers who did not. */
export class Reading extends Submission {
  constructor(
    connection: Connection,
    private readonly read: () => Promise<unknown>,
  ) {
    super();
    onMount(() => void this.again());
    whenBack(connection, () => {
      if (this.error?.code === 'unreachable') void this.again();
    });
  }

  again(): Promise<boolean> {
    return this.run(this.read);
  }
}
