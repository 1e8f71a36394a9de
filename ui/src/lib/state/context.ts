import { createContext } from 'svelte';
import type { AppState } from './app.svelte';
import type { Announcer } from './announcer.svelte';
import type { Clock } from './clock.svelte';

/** The state that all components share, set once by App.svelte. */
export interface Shared {
  app: AppState;
  clock: Clock;
  /** Says things to screen readers, politely. */
  announcer: Announcer;
}

export const [getShared, setShared] = createContext<Shared>();
