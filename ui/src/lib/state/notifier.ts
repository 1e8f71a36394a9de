import type { AppState } from './app.svelte';

/**
 * Shows notifications in a browser while nobody looks at the page, and takes the window to where its own ones lead. Which
 * ones there are, and how many are told together, is decided by the server.
 */
export class Notifier {
  readonly #stops: (() => void)[] = [];

  constructor(private readonly app: AppState) {}

  start(): void {
    const { app } = this;
    const stopPlaces = app.platform.onPlace?.((place) => app.openPlace(place));
    if (stopPlaces !== undefined) this.#stops.push(stopPlaces);
    const { notifications } = app.platform;
    if (notifications === undefined) return;
    const stopEvents = app.onEvent((event) => {
      if (event.type !== 'notice' || notifications.permission() !== 'granted' || isLookedAt()) return;
      const { kind, title, text, place } = event.notice;
      // Several open pages show the same one: the tag makes it one.
      const about = place.screen === 'directory' ? place.id : place.screen;
      notifications.show({ title, text, tag: `${kind} ${about}` }, () => app.openPlace(place));
    });
    this.#stops.push(stopEvents);
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }
}

function isLookedAt(): boolean {
  return !document.hidden && document.hasFocus();
}
