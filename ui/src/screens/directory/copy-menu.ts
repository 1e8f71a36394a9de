import Copy from '@lucide/svelte/icons/copy';
import Link from '@lucide/svelte/icons/link';
import type { Component } from 'svelte';
import type { MenuItem } from '$components/ui/menu';
import type { Shared } from '$lib/state/context';
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
export function copyMenu({ app, announcer }: Pick<Shared, 'app' | 'announcer'>, copyables: Copyable[]): MenuItem[] {
  async function copy({ what, text }: Copyable): Promise<void> {
    try {
      await app.platform.copyText(text);
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
export function linkMenu(shared: Pick<Shared, 'app' | 'announcer'>, route: Route): MenuItem[] {
  const text = shared.app.linkTo(route);
  return text === null
    ? []
    : copyMenu(shared, [{ label: words.copy.copyLink, what: words.copy.link, text, icon: Link }]);
}
