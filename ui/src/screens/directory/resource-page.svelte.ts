import { createContext, untrack } from 'svelte';
import type { Directory, GroupRow, ResourceKind, UserRow } from '$lib/api';
import { isTyping } from '$lib/key-names';
import type { AppState } from '$lib/state/app.svelte';
import { Feed } from '$lib/state/feed.svelte';
import { KnownRequests } from '$lib/state/known-requests';
import { ListPage } from '$lib/state/list-page.svelte';
import { Members } from '$lib/state/members.svelte';
import type { OpenResource } from '$lib/state/open-resource.svelte';
import type { ResourceList } from '$lib/state/resource-list.svelte';
import { OVER_THE_PAGE, RowSelection } from '$lib/state/row-selection.svelte';
import type { ExportedList } from '$lib/state/dialogs.svelte';
import { kinds, type ResourceTabName } from './kinds';

/** What the drawer shows of the resource that is open. */
export type DrawerPart = 'members' | 'overview' | 'history' | 'json';

/** The tab of a directory's users or groups, for all that stands in it and in the drawer beside it. */
export class ResourcePage extends ListPage<string, ResourceList<UserRow | GroupRow>, OpenResource> {
  readonly feed: Feed;
  /** Those of the group that is open. */
  readonly members: Members;
  /** The requests that changes were caused by. */
  readonly requests = new KnownRequests(this.app.client);
  readonly directoryId: string;
  /** The rows that are selected. */
  readonly selected: RowSelection;

  constructor(
    app: AppState,
    { id }: Directory,
    readonly tab: ResourceTabName,
    onmost: () => void,
  ) {
    const { client } = app;
    const [members, feed] = [new Members(client, id), new Feed(client, id)];
    super(app, {
      page: { screen: 'directory', id, tab },
      list: kinds[tab].list(client, id),
      opened: kinds[tab].opened(client, id),
      others: [feed, members],
      parseId: (text) => text,
    });
    this.feed = feed;
    this.members = members;
    this.directoryId = id;
    this.selected = new RowSelection(this.list, onmost, (thrown) => {
      app.dialogs.tellProblem(thrown);
    });
    // Another question has other rows.
    $effect(() => {
      void [this.list.search, this.list.filter];
      untrack(() => this.selected.clear());
    });
    // Where the drawer slides over the page it would cover what can be done with the selection.
    $effect(() => {
      // Whatever opens it: a key, an address.
      if (this.selected.isAny && this.opened.id !== null && matchMedia(OVER_THE_PAGE).matches)
        untrack(() => this.leave());
    });
  }

  get kind(): ResourceKind {
    return this.tab === 'users' ? 'user' : 'group';
  }

  /** Whether its rows can be selected: deleted ones are only looked at. */
  get isSelectable(): boolean {
    return this.list.filter !== 'deleted';
  }

  /** What an export takes from the list. */
  get exported(): ExportedList {
    const { list, selected, tab } = this;
    return {
      what: tab,
      order: { sort: list.sort as 'modified', order: list.order },
      found: list.isFiltered && this.isSelectable ? { count: list.total, query: list.question } : null,
      selected: selected.isAny ? { count: selected.count, query: selected.query } : null,
    };
  }

  /** Selects nothing any more; the keyboard goes on in the list. */
  endSelection(): void {
    this.selected.clear();
    void this.rows?.focus();
  }

  /** The keys of the tab, those of a selection first. */
  onKeys = (event: KeyboardEvent): void => {
    const isFree = !event.defaultPrevented && this.app.dialogs.current === null && !isTyping(event.target);
    if (isFree && this.isSelectable && this.#select(event)) event.preventDefault();
    else this.onKey(event);
  };

  #select({ key, ctrlKey, metaKey, altKey, shiftKey, target }: KeyboardEvent): boolean {
    const { selected, list } = this;
    const isAll = key.toLowerCase() === 'a' && (ctrlKey || metaKey) && !altKey && !shiftKey;
    // In what is open beside the list, text is selected.
    const isBeside = target instanceof Element && target.closest('[role="complementary"]') !== null;
    if (isAll && !isBeside && list.total > 0) selected.all();
    else if (key === 'Escape' && selected.isAny) this.endSelection();
    else return false;
    return true;
  }

  /** The parts of the drawer, in order. */
  get parts(): DrawerPart[] {
    return this.tab === 'groups' ? ['members', 'overview', 'history', 'json'] : ['overview', 'history', 'json'];
  }

  /** The part that is shown. */
  get part(): DrawerPart {
    return this.parts.find((part) => part === this.chosenPart) ?? this.parts[0] ?? 'overview';
  }

  showPart(part: DrawerPart): void {
    this.chosenPart = part;
  }

  /** Looks at what is open as it was after the change `seq`. */
  showAt(seq: number): void {
    this.opened.showAt(seq);
    this.chosenPart = null;
  }

  openRequest = (id: number): void => this.app.router.openRequest(this.directoryId, id);

  /** Opens a resource, here or in the tab of its kind. */
  openResource = (kind: ResourceKind, id: string): void => this.app.router.openResource(this.directoryId, kind, id);
}

export const [getResourcePage, setResourcePage] = createContext<ResourcePage>();
