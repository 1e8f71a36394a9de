import type { PageNotifications } from './platform';

/** The Notifications API, where a browser has one and lets a page on this machine use it. */
export const browserNotifications: PageNotifications = {
  permission: () => ('Notification' in window ? Notification.permission : 'unsupported'),
  async ask() {
    if ('Notification' in window) await Notification.requestPermission();
  },
  show({ title, text, tag }, onclick) {
    const notification = new Notification(title, { body: text, tag });
    notification.onclick = () => {
      window.focus();
      notification.close();
      onclick();
    };
  },
};
