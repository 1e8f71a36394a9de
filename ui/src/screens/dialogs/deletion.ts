import type { Contents } from '$lib/api';
import type { AppState } from '$lib/state/app.svelte';
import type { OpenDialog } from '$lib/state/route';
import { words } from '$lib/words';

/** What DeleteDialog needs to know about the thing to delete. */
export interface Deletion {
  name: string;
  /** What the last button says. */
  confirm: string;
  readContents: () => Promise<Contents>;
  remove: (typedName: string) => Promise<unknown>;
}

/** The deletion that `dialog` asks for; `null` if it asks for none, or for something that is gone already. */
export function deletionOf(app: AppState, dialog: OpenDialog): Deletion | null {
  const { client } = app;
  if (dialog.kind === 'deleteEnvironment') {
    const environment = app.tree.environments.find(({ id }) => id === dialog.id);
    return deletion(environment, words.remove.environment, client.readEnvironmentContents, client.deleteEnvironment);
  }
  if (dialog.kind === 'deleteOrganization') {
    const organization = app.organization(dialog.id);
    return deletion(
      organization,
      words.remove.organization,
      client.readOrganizationContents,
      client.deleteOrganization,
    );
  }
  if (dialog.kind === 'deleteDirectory') {
    const directory = app.directory(dialog.id);
    return deletion(directory, words.remove.directory, client.readDirectoryContents, client.deleteDirectory);
  }
  return null;
}

function deletion(
  thing: { id: string; name: string } | null | undefined,
  confirm: string,
  readContents: (id: string) => Promise<Contents>,
  remove: (id: string, name: string) => Promise<unknown>,
): Deletion | null {
  if (thing === null || thing === undefined) return null;
  const { id, name } = thing;
  return { name, confirm, readContents: () => readContents(id), remove: (typedName) => remove(id, typedName) };
}
