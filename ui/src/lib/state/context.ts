import { createContext } from 'svelte';
import type { AppState } from './app.svelte';

/** The state that all components share, set once by App.svelte; each names the parts that it needs. */
export const [getShared, setShared] = createContext<AppState>();
