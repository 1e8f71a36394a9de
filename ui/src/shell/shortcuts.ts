import { isMac, isOffered, isTyping } from '$lib/key-names';
import type { AppState } from '$lib/state/app.svelte';
import { directoryTabs } from '$lib/state/route';
import { words } from '$lib/words';

/** The keys that work everywhere; single keys rest while something is typed or a dialog is open. */
export function shortcuts(app: AppState): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || app.connection.phase !== 'ready' || app.dialogs.current !== null) return;
    const isHandled =
      event.key === 'F1'
        ? help(app)
        : event.altKey
          ? withAlt(app, event)
          : event.ctrlKey || event.metaKey
            ? withCommand(app, event)
            : singleKey(app, event);
    if (isHandled) event.preventDefault();
  };
}

/** What every browser does by itself. On a Mac these keys go from word to word where something is typed. */
function withAlt({ platform }: AppState, { key, ctrlKey, metaKey, shiftKey, target }: KeyboardEvent): boolean {
  if (!platform.isWindow || ctrlKey || metaKey || shiftKey || (isMac && isTyping(target))) return false;
  if (key === 'ArrowLeft') history.back();
  else if (key === 'ArrowRight') history.forward();
  else return false;
  return true;
}

function withCommand(app: AppState, event: KeyboardEvent): boolean {
  const { router, workspace, dialogs, firstRun, clipboard, announcer } = app;
  const key = event.key.toLowerCase();
  const { isWindow } = app.platform;
  if (key === ',' && !firstRun.isShown) {
    router.go({ screen: 'settings' });
    return true;
  }
  if (key === 'k' && !event.shiftKey && !firstRun.isShown) {
    dialogs.open({ kind: 'palette' });
    return true;
  }
  if (key === 'n' && isOffered('mod+n', isWindow) && !event.shiftKey && !firstRun.isShown) {
    dialogs.open({ kind: 'newDirectory', organizationId: workspace.currentOrganizationId });
    return true;
  }
  if (key === 'c' && event.shiftKey && workspace.currentDirectory !== null) {
    // The button beside it says that it is done.
    void clipboard.copy(workspace.currentDirectory.baseUrl).catch(() => announcer.say(words.copy.failed));
    return true;
  }
  const digit = isOffered('mod+1', isWindow) ? Number(event.key) : 0;
  return Number.isInteger(digit) && digit > 0 && showTab(app, digit - 1);
}

function help(app: AppState): boolean {
  app.dialogs.open({ kind: 'about' });
  return true;
}

function singleKey(app: AppState, event: KeyboardEvent): boolean {
  if (isTyping(event.target)) return false;
  if (event.key === '?') {
    app.dialogs.open({ kind: 'shortcuts' });
    return true;
  }
  if (app.router.route.screen !== 'directory') return false;
  const current = directoryTabs.indexOf(app.router.route.tab);
  if (event.key === '[') return showTab(app, current - 1);
  if (event.key === ']') return showTab(app, current + 1);
  return false;
}

function showTab(app: AppState, index: number): boolean {
  const tab = directoryTabs[index];
  if (tab === undefined || app.router.route.screen !== 'directory') return false;
  app.router.go({ ...app.router.route, tab });
  return true;
}
