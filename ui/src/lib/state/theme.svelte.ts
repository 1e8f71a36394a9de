import { MediaQuery } from 'svelte/reactivity';
import type { AppState } from './app.svelte';
import { recall, remember } from './memory';

/**
 * Keeps `data-theme` on the root element at the chosen theme; to be called by a component. The choice is also remembered in
 * this browser, where public/theme.js finds it before the first paint.
 */
export function followTheme(app: AppState): void {
  const systemIsDark = new MediaQuery('(prefers-color-scheme: dark)');
  $effect(() => {
    const chosen = app.settings?.theme ?? recall('theme');
    const isDark = chosen === 'dark' || (chosen !== 'light' && systemIsDark.current);
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
    if (app.settings !== null) remember('theme', app.settings.theme);
  });
}
