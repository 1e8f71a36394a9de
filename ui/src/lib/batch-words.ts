import type { Batch, BatchWhat, ImportAction, ImportCounts, ImportFormat, ResourceKind } from './api';
import { count, listInWords, plural } from './format';

// All strings about imports, exports, sample people, and what is done with many users or groups at once. The same rules as in words.ts.

/** `3 users`, `1 group`. */
const several = (kind: ResourceKind, n: number) => plural(n, kind);

const verbs = { deactivate: 'Deactivate', reactivate: 'Reactivate', delete: 'Delete' };

export const words = {
  menu: {
    import: 'Import…',
    samples: 'Add sample people…',
    export: 'Export…',
    select: 'Select',
    deselect: 'Deselect',
    addToGroup: 'Add to group…',
  },

  import: {
    title: (directory: string) => `Import into ${directory}`,
    lead: 'CSV, or SCIM JSON: a resource, an array, a ListResponse, or one resource per line. Imports are recorded as sent by you.',
    file: 'File',
    choose: 'Choose a file…',
    drop: 'or drop it here',
    other: 'Change the file',
    text: 'Or paste the file',
    hint: 'A CSV file needs a header: SCIM attributes, or the names that Okta, Entra ID or Google export.',
    tooLarge: 'The file is larger than 30 MB. Split it into smaller files.',
    notUtf8: 'The file is not in UTF-8. Save it as UTF-8, in Excel as “CSV UTF-8”, and choose it again.',
    unreadable: (reason: string) => `The file could not be read: ${reason}`,
    preview: 'Preview',
    confirm: (n: number) => `Import ${count(n)}`,
    nothing: 'Nothing to import',
    counts: ({ create, update, skip, refuse }: ImportCounts) =>
      listInWords(
        [
          [create, 'to create'],
          [update, 'to change'],
          [skip, 'to skip'],
          [refuse, 'that cannot be imported'],
        ]
          .filter(([n]) => n !== 0)
          .map(([n, what]) => `${count(Number(n))} ${what}`),
      ),
    leftOut: (columns: string[]) =>
      `${columns.length === 1 ? 'This column is' : 'These columns are'} left out: ${listInWords(columns)}.`,
    existing: 'Existing users and groups',
    existingChoices: { skip: 'Skip', update: 'Update' },
    stopOnError: 'Import nothing if a row cannot be imported, and stop at the first failure',
    rows: 'What happens to each row',
    show: 'Show',
    all: 'All',
    place: (line: number, format: ImportFormat) => (format === 'csv' ? `Line ${count(line)}` : `No. ${count(line)}`),
    unnamed: '(no name)',
    kind: { user: 'User', group: 'Group' } satisfies Record<ResourceKind, string>,
    action: { create: 'Create', update: 'Update', skip: 'Skip', refuse: 'Cannot import' } satisfies Record<
      ImportAction,
      string
    >,
  },

  samples: {
    title: 'Add sample people',
    lead: 'Made-up people with names, titles and departments. Their addresses end in example.com.',
    people: 'How many (1–1,000)',
    group: 'Group (optional)',
    groupHint: 'They become its members; it is created if needed.',
    confirm: (n: number) => `Add ${plural(n, 'person', 'people')}`,
    outOfRange: 'Enter a number from 1 to 1,000.',
  },

  export: {
    title: 'Export',
    lead: 'Import reads these files back. Deleted users and groups are left out.',
    what: 'Export',
    whats: { users: 'Users', groups: 'Groups', all: 'Users and groups' },
    which: 'Include',
    everything: (n: number) => `All ${count(n)}`,
    found: (n: number) => `The ${count(n)} that the list shows`,
    selected: (n: number) => `The ${count(n)} selected`,
    format: 'Format',
    formats: { csv: 'CSV', json: 'SCIM JSON' },
    csvHint: 'For spreadsheets. Cells that would be read as formulas start with an apostrophe, which Import removes.',
    jsonHint: 'A ListResponse with every attribute.',
    confirm: 'Export',
    started: 'Export started',
    saved: (place: string) => `Saved to ${place}`,
  },

  selection: {
    label: 'Selection',
    count: (kind: ResourceKind, n: number) => `${several(kind, n)} selected`,
    all: (n: number) => `Select all ${count(n)}`,
    clear: 'Clear selection (Esc)',
    most: (n: number) => `Select at most ${count(n)} one by one, or all with Ctrl+A.`,
    changeTitle: (what: 'deactivate' | 'reactivate' | 'delete', kind: ResourceKind, n: number) =>
      `${verbs[what]} ${several(kind, n)}?`,
    change: (what: 'deactivate' | 'reactivate' | 'delete', n: number) => `${verbs[what]} ${count(n)}`,
    deleteLead: {
      user: 'They also leave their groups. Their histories stay. Identity providers are not notified: the next request about them gets 404.',
      group: 'Their members stay. Identity providers are not notified: the next request about these groups gets 404.',
    } satisfies Record<ResourceKind, string>,
    groupTitle: (kind: ResourceKind, n: number) => `Add ${several(kind, n)} to a group`,
    groupSearch: 'Search groups',
    groups: 'Group',
    noGroups: 'No groups match.',
    moreGroups: (n: number) => `${plural(n, 'more group')}: search to find them`,
    add: 'Add',
  },

  batch: {
    label: 'Progress',
    running: {
      import: 'Importing…',
      samples: 'Adding sample people…',
      deactivate: 'Deactivating…',
      reactivate: 'Reactivating…',
      delete: 'Deleting…',
      addToGroup: 'Adding to the group…',
    } satisfies Record<BatchWhat, string>,
    stopping: 'Stopping…',
    ofTotal: (done: number, total: number) => `${count(done)} of ${count(total)}`,
    stop: 'Stop',
    dismiss: 'Dismiss',
    problems: (n: number) => `${plural(n, 'problem')}`,
    problem: (line: number | null, name: string) => (line === null ? name : `${count(line)}: ${name}`),
    /** What came of it: `3 users created, 1 failed. You stopped it.` */
    outcome: ({ what, created, updated, deleted, skipped, failed, endedEarly }: Batch) => {
      const done = [
        [created, 'created'],
        [
          updated,
          { deactivate: 'deactivated', reactivate: 'reactivated', addToGroup: 'added' }[what as string] ?? 'changed',
        ],
        [deleted, 'deleted'],
        [skipped, 'skipped'],
        [failed, 'failed'],
      ] as const;
      const told = done.filter(([n]) => n > 0).map(([n, how]) => `${count(n)} ${how}`);
      const sentence = told.length > 0 ? listInWords(told) : endedEarly ? 'Nothing was changed' : 'Nothing to do';
      return [`${sentence}.`, endedEarly ?? ''].filter((text) => text !== '').join(' ');
    },
  },
};
