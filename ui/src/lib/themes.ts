import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Sun from '@lucide/svelte/icons/sun';
import { words } from './words';

/** The themes to choose from, each with its picture. */
export const themes = [
  { value: 'system' as const, label: words.settings.system, icon: Monitor },
  { value: 'light' as const, label: words.settings.light, icon: Sun },
  { value: 'dark' as const, label: words.settings.dark, icon: Moon },
];
