import Copy from '@lucide/svelte/icons/copy';
import type { MenuItem } from '$components/ui/menu';
import type { Shared } from '$lib/state/context';
import { words } from '$lib/words';

/** Something that can be copied from a menu. */
export interface Copyable {
  /** `Copy id` */
  label: string;
  /** What is announced as copied: `Id`. */
  what: string;
  text: string;
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
  return copyables.map((copyable) => ({ label: copyable.label, icon: Copy, onselect: () => void copy(copyable) }));
}
