import type { Event } from '$lib/api/types';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** An answer of the control API, whatever carried it. */
export interface Answer {
  status: number;
  body: unknown;
}

/** `lost`: nobody answers, and it is tried again; `refused`: somebody does, but no longer lets this page in. */
export type ConnectionState = 'live' | 'lost' | 'refused';

/** Where the interface runs: in the product's window or in a browser. Only this folder knows which. */
export interface Platform {
  /** Whether it is the product's own window. */
  readonly isWindow: boolean;
  /** Asks the control API; `path` begins with `/api`. Rejects only when nothing answered. */
  request(method: Method, path: string, body?: unknown): Promise<Answer>;
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
  /** What is on the clipboard; absent where a page may not read it. */
  readClipboard?(): Promise<string>;
}
