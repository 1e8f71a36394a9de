import type { Settings, Status, Storage, Tree } from './api';
import { byteSize } from './format';

/** What diagnostics are made of. */
export interface DiagnosticsSource {
  status: Status;
  settings: Settings;
  tree: Tree;
  storage: Storage | null;
  /** What the program warned of lately. */
  warnings: string[];
  /** What the browser, or the web view of the window, calls itself. */
  agent: string;
  isWindow: boolean;
}

/**
 * What helps whoever looks for a fault, as text for people to read before they send it: versions, sizes, counts and limits: numbers
 * and words of this program alone, and what the browser calls itself. Never a token. Last comes what it warned of, as its log has it.
 */
export function diagnosticsText({
  status,
  settings,
  tree,
  storage,
  warnings,
  agent,
  isWindow,
}: DiagnosticsSource): string {
  const sum = (of: (counts: Tree['unattributed']) => number) =>
    tree.directories.reduce((all, { counts }) => all + of(counts), 0);
  const age = (days: number | null) => (days === null ? 'any age' : `${days} days`);
  const lines: [string, string | number][] = [
    ['SCIM Setup', `${status.version} (${status.commit})`],
    ['Shown in', isWindow ? 'its window' : 'a browser'],
    ['Web engine', agent],
    ['SCIM server', status.listener.state],
    [
      'Environments with a public URL',
      `${tree.environments.filter(({ publicUrl }) => publicUrl !== null).length} of ${tree.environments.length}`,
    ],
    ['Recording problem', status.recordingProblem === null ? 'no' : 'yes'],
    ['Restore at the next start', status.stagedRestore === null ? 'no' : 'yes'],
    ['Organizations', tree.organizations.length],
    ['Directories', tree.directories.length],
    ['Users', sum(({ users }) => users)],
    ['Groups', sum(({ groups }) => groups)],
    ['Requests', sum(({ exchanges }) => exchanges) + tree.unattributed.exchanges],
    ['Failed requests', sum(({ errors }) => errors) + tree.unattributed.errors],
    ['Data folder', byteSize(status.dataBytes)],
    ...(storage?.parts ?? []).map(({ what, bytes }): [string, string] => [`  ${what}`, byteSize(bytes)]),
    [
      'Requests kept',
      `${settings.keepExchanges} per directory, ${settings.keepMegabytes} MB, ${age(settings.keepDays)}`,
    ],
    ['Changes kept', `${settings.keepChanges} each, ${age(settings.keepChangeDays)}`],
    ['Deleted kept', `${settings.keepDeleted} per directory`],
  ];
  const told = lines.map(([name, value]) => `${name}: ${value}`);
  return [
    ...told,
    'Recent warnings:',
    ...(warnings.length === 0 ? ['  none'] : warnings.map((line) => `  ${line}`)),
  ].join('\n');
}
