import type {
  Directory,
  NewSimulation,
  Scenario,
  SimulatedProvider,
  SimulationPace,
  SimulationTargetKind,
  Suite,
} from '$lib/api';
import type { IdentityProviders } from './identity-providers.svelte';
import type { Workspace } from './workspace.svelte';

export type Target = NonNullable<NewSimulation['target']>;

/** What a person chose for the next run. It outlives the page, but never the program: it has a token. */
export class SimulatorForm {
  mode = $state<'play' | 'check'>('play');
  provider = $state<SimulatedProvider>('okta-aiw');
  scenario = $state<Scenario>('lifecycle');
  suites = $state.raw<Suite[]>(['okta', 'rfc']);
  people = $state('1');
  pace = $state<SimulationPace>('quick');
  target = $state<SimulationTargetKind>('local');
  baseUrl = $state('');
  token = $state('');
  /** What the newest run was sent to, with its token: for running a check of it again, whatever the form says by then. */
  sent = $state.raw<{ runId: string; target: Target } | null>(null);
  #suggested: SimulatedProvider;

  /** `suggested`: who is played for the directory, as its guide has it. */
  constructor(suggested: SimulatedProvider) {
    this.#suggested = suggested;
    this.provider = suggested;
  }

  /** What is checked without a directory: another server. */
  static forChecks(): SimulatorForm {
    const form = new SimulatorForm('okta-aiw');
    form.mode = 'check';
    form.target = 'foreign';
    return form;
  }

  /** The guide of the directory leads to another provider now: that one is played from here on. */
  follow(suggested: SimulatedProvider): void {
    if (suggested === this.#suggested) return;
    this.#suggested = suggested;
    this.provider = suggested;
  }
}

/** What is chosen in each simulator: it stays while the person looks at something else. */
export class SimulatorForms {
  /** For checking a server of others, which belongs to no directory. */
  readonly checks = SimulatorForm.forChecks();
  readonly #forms = new Map<string, SimulatorForm>();

  constructor(
    private readonly workspace: Workspace,
    private readonly identityProviders: IdentityProviders,
  ) {}

  of({ id, provider }: Pick<Directory, 'id' | 'provider'>): SimulatorForm {
    for (const known of this.#forms.keys()) if (!this.workspace.has(known)) this.#forms.delete(known);
    const simulated = this.identityProviders.simulatedOf(provider.track);
    const form = this.#forms.get(id) ?? new SimulatorForm(simulated);
    form.follow(simulated);
    this.#forms.set(id, form);
    return form;
  }
}
