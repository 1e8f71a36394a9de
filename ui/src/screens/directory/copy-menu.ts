import Copy from '@lucide/svelte/icons/copy';
import Link from '@lucide/svelte/icons/link';
import type { Component } from 'svelte';
import type { MenuItem } from '$components/ui/menu';
import type { AppState } from '$lib/state/app.svelte';
import { linkTo } from '$lib/state/link';
import type { Route } from '$lib/state/route';
import { words } from '$lib/words';

/** Something that can be copied from a menu. */
export interface Copyable {
  /** `Copy id` */
  label: string;
  /** What is announced as copied: `Id`. */
  what: string;
  text: string;
  icon?: Component;
}

/** The lines of a menu that copies. */
export function copyMenu(
  { platform, announcer }: Pick<AppState, 'platform' | 'announcer'>,
  copyables: Copyable[],
): MenuItem[] {
  async function copy({ what, text }: Copyable): Promise<void> {
    try {
      await platform.copyText(text);
      announcer.say(words.copy.done(what));
    } catch {
      announcer.say(words.copy.failed);
    }
  }
  return copyables.map((copyable) => ({
    label: copyable.label,
    icon: copyable.icon ?? Copy,
    onselect: () => void copy(copyable),
  }));
}

/** The line that copies the link to a page, where there can be one. */
export function linkMenu(app: Pick<AppState, 'platform' | 'server' | 'announcer'>, route: Route): MenuItem[] {
  const text = linkTo(app, route);
  return text === null ? [] : copyMenu(app, [{ label: words.copy.copyLink, what: words.copy.link, text, icon: Link }]);
}
