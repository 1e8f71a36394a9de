/** The keys of a tree (WAI-ARIA): arrows, Home, End, Enter, Space; `setExpanded` is called with the `data-id` of a branch. */
export function moveInTree(event: KeyboardEvent, setExpanded: (id: string, isExpanded: boolean) => void): void {
  const tree = event.currentTarget as HTMLElement;
  const items = [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')];
  const item = (event.target as HTMLElement).closest<HTMLElement>('[role=treeitem]');
  if (item === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const index = items.indexOf(item);
  const expanded = item.getAttribute('aria-expanded');

  switch (event.key) {
    case 'ArrowDown':
      items[index + 1]?.focus();
      break;
    case 'ArrowUp':
      items[index - 1]?.focus();
      break;
    case 'Home':
      items[0]?.focus();
      break;
    case 'End':
      items.at(-1)?.focus();
      break;
    case 'ArrowRight':
      if (expanded === 'false') setExpanded(item.dataset['id'] ?? '', true);
      else if (expanded === 'true') item.querySelector<HTMLElement>('[role=treeitem]')?.focus();
      break;
    case 'ArrowLeft':
      if (expanded === 'true') setExpanded(item.dataset['id'] ?? '', false);
      else item.parentElement?.closest<HTMLElement>('[role=treeitem]')?.focus();
      break;
    case 'Enter':
    case ' ':
      if (event.target !== item) return;
      item.click();
      break;
    default:
      return;
  }
  event.preventDefault();
}
