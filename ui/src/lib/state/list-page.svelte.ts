import { tick } from 'svelte';
import { isTyping } from '$lib/key-names';
import type { AppState } from './app.svelte';
import type { Feed } from './feed.svelte';
import type { LiveDetail } from './live-detail.svelte';
import type { LiveList } from './live-list.svelte';
import { followLive, type Live } from './follow-live';

/** What a tab with a long list works with. */
interface Parts<Id, List, Opened> {
  list: List;
  /** What is open beside the list. */
  opened: Opened;
  feed: Feed;
  /** What else follows live events. */
  others?: Live[];
  /** The id that stands in an address. */
  parseId: (text: string) => Id;
}

/** What the focus can be put on. */
interface Focusable {
  focus(): Promise<void>;
}

/** A tab with a long list and what is open beside it: the keys, and where the focus goes. To be made by the component of the tab. */
export class ListPage<
  Id extends string | number,
  List extends LiveList<{ id: Id }>,
  Opened extends LiveDetail<Id, unknown>,
> {
  readonly list: List;
  readonly opened: Opened;
  readonly feed: Feed;
  bar = $state<{ focusSearch(): void; beginSearch(text: string): void } | null>(null);
  rows = $state<(Focusable & { handleKey(event: KeyboardEvent): boolean; walk(delta: number): void }) | null>(null);
  details = $state<Focusable | null>(null);

  constructor(
    protected readonly app: AppState,
    { list, opened, feed, others = [], parseId }: Parts<Id, List, Opened>,
  ) {
    this.list = list;
    this.opened = opened;
    this.feed = feed;
    followLive(app, [list, feed, opened, ...others], () => list.load());
    // What an address asks for is opened, and then it is an address of the list again.
    $effect(() => {
      const { route } = app;
      if (!('open' in route) || route.open === undefined) return;
      const { open, ...place } = route;
      void opened.open(parseId(open));
      app.goTo(place);
    });
  }

  /** Opens a row, and goes there. */
  async enter(id: Id): Promise<void> {
    void this.opened.open(id);
    await tick();
    await this.details?.focus();
  }

  close(): void {
    this.opened.close();
    void this.rows?.focus();
  }

  /** The keys of the tab. Single keys rest while something is typed, and all of them while a dialog is open. */
  onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || this.app.dialog !== null) return;
    if (this.#handle(event)) event.preventDefault();
  };

  /** Answers whether there was anything to do. */
  #handle(event: KeyboardEvent): boolean {
    if (event.key === 'Escape') {
      if (this.opened.id !== null) this.close();
      else if (this.list.search !== '') this.list.setSearch('');
      else return false;
      return true;
    }
    if (isTyping(event.target)) return false;
    if (event.key === '/') {
      this.bar?.focusSearch();
      return true;
    }
    if (event.key === ' ' && !isPressable(event.target)) {
      this.list.togglePause();
      return true;
    }
    return /^[jk]$/i.test(event.key) && (this.rows?.handleKey(event) ?? false);
  }
}

/** Space presses what has the focus. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary, [role="menuitem"]') !== null;
}
