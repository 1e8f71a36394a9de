import { browserNotifications } from './browser-notifications';
import { followEvents } from './live-connection';
import type { Platform } from './platform';

/** A browser at the control URL; the page's own cookie carries the key. */
export const web: Platform = {
  isWindow: false,
  async request(method, path, body) {
    const response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : parse(text) };
  },
  watchLive: followEvents,
  download(path, fileName) {
    const link = document.createElement('a');
    link.href = path;
    link.download = fileName;
    link.click();
    return Promise.resolve(null);
  },
  copyText: (text) => navigator.clipboard.writeText(text),
  notifications: browserNotifications,
};

/** A proxy in between may answer with a page of its own: keep it as text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
