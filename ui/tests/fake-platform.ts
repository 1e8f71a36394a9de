import type { Event } from '$lib/api';
import type { Platform } from '$lib/platform';

/** What a fake control API answers. */
export interface Answer {
  status: number;
  body: unknown;
}

/** A platform whose control API is a method. */
export abstract class FakePlatform implements Platform {
  readonly isWindow = true;
  readonly controlUrl = 'http://localhost';

  /** Answers `path`, with its query. */
  abstract answer(method: string, path: string, body?: unknown): Promise<Answer>;

  async request(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const sent: unknown = text === '' ? undefined : JSON.parse(text);
    const { status, body } = await this.answer(request.method, pathname + search, sent);
    return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
  }

  watchLive(_onBatch: (batch: Event[]) => void): () => void {
    return () => undefined;
  }

  download(): Promise<string | null> {
    return Promise.resolve(null);
  }

  openWindow(_address: string): Promise<void> {
    return Promise.resolve();
  }

  copyText(_text: string): Promise<void> {
    return Promise.resolve();
  }
}
