import { MediaQuery } from 'svelte/reactivity';
import { recall, remember } from './memory';
import type { Server } from './server.svelte';

/**
 * Keeps `data-theme` on the root element at the chosen theme; to be called by a component. The choice is also remembered in
 * this browser, where public/theme.js finds it before the first paint.
 */
export function followTheme(server: Server): void {
  const systemIsDark = new MediaQuery('(prefers-color-scheme: dark)');
  $effect(() => {
    const chosen = server.settings?.theme ?? recall('theme');
    const isDark = chosen === 'dark' || (chosen !== 'light' && systemIsDark.current);
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
    if (server.settings !== null) remember('theme', server.settings.theme);
  });
}
