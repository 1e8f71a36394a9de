import { ApiError } from '$lib/api/error';
import { browserNotifications } from './browser-notifications';
import { followEvents } from './live-connection';
import type { Platform } from './platform';

/** A browser at the control URL; the page's own cookie carries the key. */
export const web: Platform = {
  isWindow: false,
  controlUrl: window.location.origin,
  request: (request) => fetch(request),
  watchLive: followEvents,
  async download(path, fileName) {
    // A browser says only in its list of downloads that nobody has answered, and in words of its own.
    const { ok } = await fetch('/api/status').catch(() => ({ ok: false }));
    if (!ok) throw ApiError.unreachable();
    const link = document.createElement('a');
    link.href = path;
    link.download = fileName;
    link.click();
    return null;
  },
  signIn: (key) => window.location.assign(`/?key=${encodeURIComponent(key)}${window.location.hash}`),
  isKeyRefused: new URLSearchParams(window.location.search).has('key'),
  openWindow(address) {
    window.open(`/#${address}`, '_blank', 'popup,width=760,height=800');
    return Promise.resolve();
  },
  copyText: (text) => navigator.clipboard.writeText(text),
  notifications: browserNotifications,
};
