import type { Event, NoticePlace } from '$lib/api/types';

/** `lost`: nobody answers, and it is tried again; `refused`: somebody does, but no longer lets this page in. */
export type ConnectionState = 'live' | 'lost' | 'refused';

/** Where the interface runs: in the product's window or in a browser. Only this folder knows which. */
export interface Platform {
  /** Whether it is the product's own window. */
  readonly isWindow: boolean;
  /** Where the control API is: what stands before `/api`. */
  readonly controlUrl: string;
  /** Asks the control API. Rejects only when nothing answered. */
  request(request: Request): Promise<Response>;
  /**
   * Passes on each batch of live events, the first of every connection being a `resync`, until the returned function is
   * called. Says how the connection is whenever that may have changed; inside the window there is none that could be lost.
   */
  watchLive(onBatch: (batch: Event[]) => void, onState: (state: ConnectionState) => void): () => void;
  /** Puts `text` on the clipboard; rejects when that is not allowed. */
  copyText(text: string): Promise<void>;
  /**
   * Saves what the control API answers at `path` as `fileName` among the person's downloads. Returns where it is; `null`
   * where the browser says that itself.
   */
  download(path: string, fileName: string): Promise<string | null>;
  /** Opens a further window at `address`, which is what stands after the `#`. */
  openWindow(address: string): Promise<void>;
  /** Calls `handler` with each place that the window is asked to show; absent in a browser. */
  onPlace?(handler: (place: NoticePlace) => void): () => void;
  /** Whether the desktop shows the program's icon, so that a hidden window can be found again; absent in a browser. */
  hasTray?(): Promise<boolean>;
  /** Shows the data folder in the system's file manager; absent in a browser. */
  openDataFolder?(): Promise<void>;
  /** Shows the folder of the log there; absent in a browser. */
  openLogFolder?(): Promise<void>;
  /** The key of the control API; absent in a browser, which has a session instead. */
  readControlKey?(): Promise<string>;
  /** Ends the program and starts it again; absent in a browser. */
  restart?(): Promise<void>;
  /** Opens a page of the internet that it knows in the system's browser; absent in a browser, where links lead there themselves. */
  openLink?(url: string): Promise<void>;
  /** Opens the same page with the control key, for a browser that is not let in; absent in the window. */
  signIn?(key: string): void;
  /** Whether the key in the page's address was refused. */
  readonly isKeyRefused?: boolean;
  /** Notifications that the page itself has to show; absent in the window, which shows them without the page. */
  readonly notifications?: PageNotifications;
}

/** Notifications of a browser, which asks the person first. */
export interface PageNotifications {
  /** Whether they may be shown; `unsupported` where the browser has none. */
  permission(): 'granted' | 'denied' | 'default' | 'unsupported';
  /** Asks the person; has to be called because of something that they have just pressed. */
  ask(): Promise<void>;
  /** Shows one; `onclick` is called when it is clicked. Of those with the same `tag` the newest stays. */
  show(notification: { title: string; text: string; tag: string }, onclick: () => void): void;
}
