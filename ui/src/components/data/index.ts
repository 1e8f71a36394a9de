// How what was recorded, and what was sent, is shown.

export { default as ActiveState } from './ActiveState.svelte';
export { default as AttributeList } from './AttributeList.svelte';
export { default as Avatar } from './Avatar.svelte';
export { default as ChangeText } from './ChangeText.svelte';
export { default as Chip } from './Chip.svelte';
export { default as ComparedPath } from './ComparedPath.svelte';
export { default as Delayed } from './Delayed.svelte';
export { default as DiffRows } from './DiffRows.svelte';
export { default as Dot } from './Dot.svelte';
export { default as DriftMark } from './DriftMark.svelte';
export { default as JsonTokens } from './JsonTokens.svelte';
export { default as JsonView } from './JsonView.svelte';
export { default as Mark } from './Mark.svelte';
export { default as Matched } from './Matched.svelte';
export { default as MethodBadge } from './MethodBadge.svelte';
export { default as Problem } from './Problem.svelte';
export { default as RelativeTime } from './RelativeTime.svelte';
export { default as Prose } from './Prose.svelte';
export { default as RowList } from './RowList.svelte';
export { default as SentenceText } from './SentenceText.svelte';
export { default as Shown } from './Shown.svelte';
export { default as Skeleton } from './Skeleton.svelte';
export { default as StatusCode } from './StatusCode.svelte';
export { default as VirtualList } from './VirtualList.svelte';
