import { Channel, convertFileSrc, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { writeText } from '@tauri-apps/plugin-clipboard-manager';
import type { Event, NoticePlace } from '$lib/api/types';
import type { Platform } from './platform';

/** The product's window: the same control API, under a scheme that leads into the process instead of to a port. */
export const tauri: Platform = {
  isWindow: true,
  // Tauri knows how each system writes the address of a scheme.
  controlUrl: convertFileSrc('', 'control'),
  request: (request) => fetch(request),
  watchLive(onBatch) {
    let isWatching = true;
    const channel = new Channel<Event[]>((batch) => {
      if (isWatching) onBatch(batch);
    });
    void invoke('watch_live', { channel });
    return () => {
      isWatching = false;
    };
  },
  download: (path, fileName) => invoke<string>('save_download', { path, fileName }),
  copyText: writeText,
  openWindow: (address) => invoke('open_window', { address }),
  onPlace(handler) {
    let isListening = true;
    const stop = listen<NoticePlace>('show-place', ({ payload }) => {
      if (isListening) handler(payload);
    });
    return () => {
      isListening = false;
      void stop.then((unlisten) => unlisten());
    };
  },
  hasTray: () => invoke<boolean>('has_tray'),
  openLink: (url) => invoke('open_link', { url }),
  openDataFolder: () => invoke('open_data_folder'),
  openLogFolder: () => invoke('open_log_folder'),
  readControlKey: () => invoke<string>('read_control_key'),
  restart: () => invoke('restart'),
};
