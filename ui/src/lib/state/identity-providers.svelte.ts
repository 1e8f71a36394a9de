import type { Client, GuideTrackId, IdentityProvider, IdpId, SimulatedProvider } from '$lib/api';

/** The identity providers that a directory can be set up for, in the order in which they are offered. */
export class IdentityProviders {
  #all = $state.raw<readonly IdentityProvider[]>([]);

  constructor(all: readonly IdentityProvider[] = []) {
    this.#all = all;
  }

  /** Once: they are the same as long as the server runs. */
  async read(client: Client): Promise<void> {
    if (this.#all.length === 0) this.#all = await client.listIdentityProviders();
  }

  /** All of them, to choose from. */
  get options(): { value: IdpId; label: string }[] {
    return this.#all.map(({ id, name }) => ({ value: id, label: name }));
  }

  /** All kinds of app of all of them: `Okta: Custom app with SCIM enabled`. */
  get trackOptions(): { value: GuideTrackId; label: string }[] {
    return this.#all.flatMap(({ name, tracks }) =>
      tracks.map(({ id, app }) => ({ value: id, label: app === '' ? name : `${name}: ${app}` })),
    );
  }

  name(id: IdpId): string {
    return this.#all.find((one) => one.id === id)?.name ?? '';
  }

  /** Whose guide it is. */
  of(track: GuideTrackId): IdentityProvider | null {
    return this.#all.find(({ tracks }) => tracks.some(({ id }) => id === track)) ?? null;
  }

  /** The guide of this name; `null`: there is none. */
  track(name: string | undefined): GuideTrackId | null {
    return this.#all.flatMap(({ tracks }) => tracks).find(({ id }) => id === name)?.id ?? null;
  }

  /** The guide to follow when a person chooses an identity provider: where it has several, that of the app whose requests came. */
  trackOf(id: IdpId, seen: GuideTrackId | null = null): GuideTrackId | null {
    const tracks = this.#all.find((one) => one.id === id)?.tracks ?? [];
    return (tracks.find((track) => track.id === seen) ?? tracks[0])?.id ?? null;
  }

  /** Who plays the identity provider of a guide. */
  simulatedOf(track: GuideTrackId): SimulatedProvider {
    return this.of(track)?.tracks.find(({ id }) => id === track)?.simulated ?? 'generic';
  }
}
