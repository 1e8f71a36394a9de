import { createContext } from 'svelte';
import type { AppState } from './app.svelte';
import type { Announcer } from './announcer.svelte';
import type { Clock } from './clock.svelte';
import type { Commands } from './commands.svelte';
import type { RequestMarks } from './request-marks.svelte';
import type { TunnelWatch } from './tunnel-watch.svelte';

/** The state that all components share, set once by App.svelte. */
export interface Shared {
  app: AppState;
  clock: Clock;
  /** What can be done with what is on screen. */
  commands: Commands;
  /** Says things to screen readers, politely. */
  announcer: Announcer;
  /** Pins of recorded requests, and notes about them. */
  marks: RequestMarks;
  /** Whether the tunnel of the environment in force leads here. */
  tunnel: TunnelWatch;
}

export const [getShared, setShared] = createContext<Shared>();
