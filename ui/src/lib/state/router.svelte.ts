import type { Directory, ResourceKind } from '$lib/api';
import { type DirectoryTab, formatRoute, isSamePage, parseRoute, type Route } from './route';
import { Throttle } from './throttle';
import type { Unsaved } from './unsaved';

/** WebKit refuses more than 100 addresses in 30 seconds, and each letter of a search is one: 20 at once, then 2 a second. */
const ADDRESS_BURST = 20;
const ADDRESS_MS = 500;

/** What the browser keeps with each entry of its history. */
interface Entry {
  /** Which one it is, counted from the first. */
  index: number;
  /** The address that it was opened from. */
  from: string | null;
}

/** What a router tells of. */
interface Listener {
  /** Another page, or another state of it, is shown. */
  onshow: (route: Route) => void;
  /** The person wants to leave what is not saved: `go` does it, if they agree. */
  onleave: (go: () => void) => void;
}

/** Where the person is: the page and its address, which stands after the `#`, with the history of a browser. */
export class Router {
  route = $state.raw<Route>({ screen: 'home' });
  #entry: Entry = { index: 0, from: null };
  /** What the next moves through the history are: a way back to what is not saved, or one that the person has agreed to. */
  #ignores = 0;
  #hasAgreed = false;
  readonly #addresses = new Throttle(() => Promise.resolve(this.#writeAddress()), ADDRESS_MS, ADDRESS_BURST);

  constructor(
    private readonly unsaved: Unsaved,
    private readonly listener: Listener,
  ) {}

  /** Follows the address from now on; answers whether it names a page. */
  start(): boolean {
    const entry = history.state as Entry | null;
    if (entry !== null) this.#entry = entry;
    window.addEventListener('popstate', this.#onPopState);
    const address = location.hash.slice(1);
    if (address === '') return false;
    this.#show(parseRoute(address));
    return true;
  }

  stop(): void {
    window.removeEventListener('popstate', this.#onPopState);
    this.#addresses.stop();
  }

  /** Shows a page; what is not saved on the one before is asked about first. */
  go(route: Route): void {
    this.#leave(() => this.#push(route));
  }

  /** Goes back to where the person came from; home, if this page was the first one. */
  goBack(): void {
    if (this.#entry.index > 0) history.back();
    else this.go({ screen: 'home' });
  }

  /** Shows a directory, and with `open` one user, group or request in it. */
  openDirectory(id: string, tab: DirectoryTab = 'users', open?: string): void {
    this.go({ screen: 'directory', id, tab, open });
  }

  /** Shows a user or a group in the tab of its kind. */
  openResource(directoryId: string, kind: ResourceKind, id: string): void {
    this.openDirectory(directoryId, kind === 'user' ? 'users' : 'groups', id);
  }

  /** Shows a recorded request; `null`: it addresses no directory. */
  openRequest(directoryId: string | null, id: number): void {
    if (directoryId === null) this.go({ screen: 'unattributed', open: String(id) });
    else this.openDirectory(directoryId, 'requests', String(id));
  }

  /** Shows the requests of a directory that failed, and one of them. */
  openErrors(id: string, exchangeId: number | null): void {
    this.go({ screen: 'directory', id, tab: 'requests', show: 'errors', open: exchangeId?.toString() });
  }

  /** Shows the newest request that nearly addressed a directory: in it, or among those that match none. */
  openMisaddressed({ id, misaddressed }: Pick<Directory, 'id' | 'misaddressed'>): void {
    if (misaddressed !== null) this.openRequest(misaddressed.isUnmatched ? null : id, misaddressed.exchangeId);
  }

  /** Shows another page in the place of this one. */
  replace(route: Route): void {
    if (formatRoute(route) !== formatRoute(this.route) || location.hash === '') this.#show(route);
    this.#addresses.run();
  }

  /**
   * The same page stands differently now. Only what is opened in it is a step that Back undoes; what is closed again goes
   * that step back.
   */
  adjust(route: Route): void {
    const address = formatRoute(route);
    if (address === formatRoute(this.route)) return;
    const open = 'open' in route ? route.open : undefined;
    const former = 'open' in this.route ? this.route.open : undefined;
    if (open !== undefined && former === undefined) this.#push(route);
    else if (open === undefined && former !== undefined && this.#entry.from === address) {
      this.#writeAddress();
      history.back();
    } else this.replace(route);
  }

  #push(route: Route): void {
    const from = formatRoute(this.route);
    if (formatRoute(route) !== from) {
      this.#writeAddress();
      this.#entry = { index: this.#entry.index + 1, from };
      history.pushState(this.#entry, '', `#${formatRoute(route)}`);
    }
    this.#show(route);
  }

  /** The entry that is shown has the address of what is shown. */
  #writeAddress(): void {
    const hash = `#${formatRoute(this.route)}`;
    if (location.hash !== hash) history.replaceState(this.#entry, '', hash);
  }

  #show(route: Route): void {
    this.route = route;
    this.listener.onshow(route);
  }

  #leave(go: () => void): void {
    if (this.unsaved.isAny) this.listener.onleave(go);
    else go();
  }

  readonly #onPopState = (event: PopStateEvent): void => {
    if (this.#ignores > 0) {
      this.#ignores -= 1;
      return;
    }
    const route = parseRoute(location.hash.slice(1));
    // An address that was typed is an entry that nobody has numbered yet.
    const entry = (event.state as Entry | null) ?? { index: this.#entry.index + 1, from: formatRoute(this.route) };
    if (event.state === null) history.replaceState(entry, '');
    const delta = entry.index - this.#entry.index;
    if (!this.#hasAgreed && delta !== 0 && this.unsaved.isAny && !isSamePage(route, this.route)) {
      // The address goes back to what is on screen until the person has decided.
      this.#ignores += 1;
      history.go(-delta);
      this.listener.onleave(() => {
        this.#hasAgreed = true;
        history.go(delta);
      });
      return;
    }
    this.#hasAgreed = false;
    this.#entry = entry;
    this.#show(route);
  };
}
