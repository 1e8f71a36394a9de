import { untrack } from 'svelte';
import type { SelectionChange } from '$lib/api';
import type { AppState } from '$lib/state/app.svelte';
import type { SelectedResources } from '$lib/state/dialogs.svelte';
import { Submission } from '$lib/state/submission.svelte';

/** Begins what a dialog asks about a selection. If there are more or fewer by then, the dialog asks again with their number. */
export class SelectionSubmission extends Submission {
  readonly #about: SelectedResources;
  /** How many the dialog says that they are. */
  count = $state(0);

  constructor(
    private readonly app: Pick<AppState, 'client' | 'batches' | 'dialogs' | 'onScreen'>,
    about: () => SelectedResources,
  ) {
    super();
    this.#about = untrack(() => ({ ...about() }));
    this.count = this.#about.count;
  }

  async start(what: SelectionChange): Promise<void> {
    const { app, count } = this;
    const { id, resource, selection: selected } = this.#about;
    const selection = selected.all === true ? { ...selected, count } : selected;
    await this.run(async () => {
      app.batches.follow(await app.client.startBatch(id, { what, resource, selection }));
      app.dialogs.finish(() => app.onScreen.resources?.clear());
    });
    this.count = this.error?.count ?? count;
  }
}
