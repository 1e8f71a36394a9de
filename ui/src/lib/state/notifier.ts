import type { NoticePlace } from '$lib/api';
import type { AppState } from './app.svelte';

/**
 * Shows notifications in a browser while nobody looks at the page, and takes the window to where its own ones lead. Which
 * ones there are, and how many are told together, is decided by the server.
 */
export class Notifier {
  readonly #stops: (() => void)[] = [];

  constructor(private readonly app: Pick<AppState, 'platform' | 'connection' | 'router' | 'workspace'>) {}

  start(): void {
    const { platform, connection } = this.app;
    const stopPlaces = platform.onPlace?.((place) => this.#open(place));
    if (stopPlaces !== undefined) this.#stops.push(stopPlaces);
    const { notifications } = platform;
    if (notifications === undefined) return;
    const stopEvents = connection.onEvent((event) => {
      if (event.type !== 'notice' || notifications.permission() !== 'granted' || isLookedAt()) return;
      const { kind, title, text, place } = event.notice;
      // Several open pages show the same one: the tag makes it one.
      const about = place.screen === 'directory' ? place.id : place.screen;
      notifications.show({ title, text, tag: `${kind} ${about}` }, () => this.#open(place));
    });
    this.#stops.push(stopEvents);
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** A directory that is gone leads nowhere. */
  #open(place: NoticePlace): void {
    const { router, workspace } = this.app;
    if (place.screen === 'settings') router.go({ screen: 'settings' });
    else if (workspace.has(place.id)) router.openDirectory(place.id, place.tab, place.open ?? undefined);
  }
}

function isLookedAt(): boolean {
  return !document.hidden && document.hasFocus();
}
