import type { Theme } from '$lib/api/types';
import { remember } from './memory';

/**
 * Keeps `data-theme` on the root element at the chosen theme. The choice is also remembered in this browser, where
 * public/theme.js finds it before the first paint.
 */
export class ThemeSwitch {
  #chosen: Theme = 'system';
  readonly #systemIsDark = matchMedia('(prefers-color-scheme: dark)');
  readonly #onSystemChange = () => this.#paint();

  start(): void {
    this.#systemIsDark.addEventListener('change', this.#onSystemChange);
  }

  stop(): void {
    this.#systemIsDark.removeEventListener('change', this.#onSystemChange);
  }

  choose(theme: Theme): void {
    this.#chosen = theme;
    this.#paint();
    remember('theme', theme);
  }

  #paint(): void {
    const isDark = this.#chosen === 'system' ? this.#systemIsDark.matches : this.#chosen === 'dark';
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  }
}
