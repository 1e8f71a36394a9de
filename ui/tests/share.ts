import { Announcer } from '$lib/state/announcer.svelte';
import type { AppState } from '$lib/state/app.svelte';
import { setOffer } from '$components/ui/menu';
import { Clock } from '$lib/state/clock.svelte';
import { Commands } from '$lib/state/commands.svelte';
import { setShared } from '$lib/state/context';
import { RequestMarks } from '$lib/state/request-marks.svelte';
import { TunnelWatch } from '$lib/state/tunnel-watch.svelte';

/** Gives the components below what App.svelte gives them; called while a host is made. */
export function share(app: AppState, announcer = new Announcer()): void {
  const marks = new RequestMarks(app, announcer);
  const commands = new Commands();
  setOffer(commands.offer);
  setShared({ app, clock: new Clock(), announcer, tunnel: new TunnelWatch(app), commands, marks });
}
