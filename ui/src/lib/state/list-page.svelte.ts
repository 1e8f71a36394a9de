import { tick, untrack } from 'svelte';
import { isTyping } from '$lib/key-names';
import type { AppState } from './app.svelte';
import type { LiveDetail } from './live-detail.svelte';
import type { LiveList } from './live-list.svelte';
import { followLive, type Live } from './follow-live';
import { isSamePage, type ListPlace, type Route } from './route';

/** What a tab with a long list works with. */
interface Parts<Id, List, Opened> {
  /** The page, as an address names it. */
  page: Extract<Route, ListPlace>;
  list: List;
  /** What is open beside the list. */
  opened: Opened;
  /** What else follows live events. */
  others?: Live[];
  /** The id that stands in an address; `null`: that can be none. */
  parseId: (text: string) => Id | null;
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
  bar = $state<{ focusSearch(): void; beginSearch(text: string): void } | null>(null);
  rows = $state<(Focusable & { handleKey(event: KeyboardEvent): boolean; walk(delta: number): void }) | null>(null);
  details = $state<Focusable | null>(null);
  /** The part of what is open that was chosen; `null`: its first. */
  chosenPart = $state<string | null>(null);
  readonly #page: Extract<Route, ListPlace>;
  readonly #parseId: (text: string) => Id | null;

  constructor(
    protected readonly app: AppState,
    { page, list, opened, others = [], parseId }: Parts<Id, List, Opened>,
  ) {
    this.list = list;
    this.opened = opened;
    this.#page = page;
    this.#parseId = parseId;
    if (isSamePage(app.router.route, page)) list.setView(app.router.route as ListPlace);
    followLive(app.connection, [list, opened, ...others], () => list.load());
    // What is shown follows the address, and the address what is shown, until both are the same.
    $effect(() => {
      const { route } = app.router;
      if (isSamePage(route, page)) untrack(() => this.#show(route as ListPlace));
    });
    $effect(() => {
      const { route } = this;
      untrack(() => isSamePage(app.router.route, page) && app.router.adjust(route));
    });
  }

  /** The page as it is shown. */
  get route(): Route {
    const { id, at, with: other } = this.opened;
    const route = { ...this.#page, ...this.list.view };
    if (id === null) return route;
    return {
      ...route,
      open: String(id),
      part: this.chosenPart ?? undefined,
      at: at ?? undefined,
      with: other ?? undefined,
    };
  }

  /** The address of one of its rows. */
  routeOf(id: Id): Route {
    return id === this.opened.id ? this.route : { ...this.#page, open: String(id) };
  }

  #show({ open, part, at, with: other, ...view }: ListPlace): void {
    const { list, opened } = this;
    if (list.setView(view)) void list.load();
    const id = open === undefined ? null : this.#parseId(open);
    if (id === null) {
      if (opened.id !== null) opened.close();
    } else if (id !== opened.id) void opened.open(id);
    this.chosenPart = part ?? null;
    if ((at ?? null) !== opened.at) opened.showAt(at ?? null);
    opened.with = other ?? null;
  }

  /** Opens a row, and goes there. */
  async enter(id: Id): Promise<void> {
    void this.opened.open(id);
    await tick();
    await this.details?.focus();
  }

  close(): void {
    this.leave();
    void this.rows?.focus();
  }

  /** Closes what is open; the focus stays where it is. */
  protected leave(): void {
    this.chosenPart = null;
    this.opened.close();
  }

  /** The keys of the tab. Single keys rest while something is typed, and all of them while a dialog is open. */
  onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.app.dialogs.current !== null) return;
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
