import type { ExportedList } from './dialogs.svelte';

/** A list that can be held. */
export interface LiveControl {
  readonly isPaused: boolean;
  togglePause: () => void;
}

/** A list of users or groups. */
export interface ShownResources {
  /** What an export takes from it. */
  readonly exported: ExportedList;
  /** Selects nothing any more. */
  clear: () => void;
}

/** The lists on screen, for the palette and the keys: what they act on. */
export class OnScreen {
  /** The one that follows live events, if there is one. */
  live = $state.raw<LiveControl | null>(null);
  /** The one of users or groups, if there is one. */
  resources = $state.raw<ShownResources | null>(null);
}
