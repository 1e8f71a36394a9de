import type { Connection } from './connection.svelte';
import type { Router } from './router.svelte';
import type { Workspace } from './workspace.svelte';

/** The first-run page: it is shown until there is a directory, and from then on until the person leaves it. */
export class FirstRun {
  #isHeld = $state(false);

  readonly isShown = $derived(
    this.#isHeld ||
      (this.connection.phase === 'ready' &&
        this.workspace.tree.organizations.length === 0 &&
        !['check', 'case'].includes(this.router.route.screen)),
  );

  constructor(
    private readonly connection: Connection,
    private readonly workspace: Workspace,
    private readonly router: Router,
  ) {}

  /** Keeps it open although an organization exists now, for its last step. */
  hold(): void {
    this.#isHeld = true;
  }

  leave(): void {
    this.#isHeld = false;
  }
}
