// The parts that screens are made of. They know nothing of what is shown.

export { default as Badge } from './Badge.svelte';
export { default as Banner } from './Banner.svelte';
export { default as Button } from './Button.svelte';
export { default as Checkbox } from './Checkbox.svelte';
export { default as Command } from './Command.svelte';
export { default as ContextMenu } from './ContextMenu.svelte';
export { default as CopyButton } from './CopyButton.svelte';
export { default as Dialog } from './Dialog.svelte';
export { default as Disclosure } from './Disclosure.svelte';
export { default as ExternalLink } from './ExternalLink.svelte';
export { default as Field } from './Field.svelte';
export { default as FieldFrame } from './FieldFrame.svelte';
export { default as FileField } from './FileField.svelte';
export { default as IconButton } from './IconButton.svelte';
export { default as Kbd } from './Kbd.svelte';
export { default as Menu } from './Menu.svelte';
export { default as Note } from './Note.svelte';
export { default as PageHeader } from './PageHeader.svelte';
export { default as Path } from './Path.svelte';
export { default as RadioList } from './RadioList.svelte';
export { default as Segmented } from './Segmented.svelte';
export { default as Select } from './Select.svelte';
export { default as Switch } from './Switch.svelte';
export { default as TextArea } from './TextArea.svelte';
export { default as Tabs } from './Tabs.svelte';
