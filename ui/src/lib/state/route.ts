/** The tabs of a directory's page. */
export type DirectoryTab = 'users' | 'groups' | 'requests' | 'guide' | 'simulator';

/** In order. */
export const directoryTabs: readonly DirectoryTab[] = ['users', 'groups', 'requests', 'guide', 'simulator'];

/** What the main pane shows. */
export type Route =
  | { screen: 'home' }
  | { screen: 'organization'; id: string }
  | {
      screen: 'directory';
      id: string;
      tab: DirectoryTab;
      /** The user, group or request to open there. */ open?: string;
    }
  | {
      screen: 'unattributed';
      /** The request to open there. */ open?: string;
    }
  | { screen: 'settings' };

/** The dialog that is open; one at a time. */
export type OpenDialog =
  | { kind: 'deleteBackup'; name: string }
  | { kind: 'newEnvironment' | 'newOrganization' | 'choosePort' | 'clearRequests' | 'palette' | 'shortcuts' | 'about' }
  | { kind: 'editEnvironment' | 'deleteEnvironment' | 'editOrganization' | 'deleteOrganization'; id: string }
  | { kind: 'editDirectory' | 'deleteDirectory' | 'token' | 'rotateToken'; id: string }
  | { kind: 'newDirectory'; organizationId: string | null }
  | {
      kind: 'deleteRequests';
      /** `null`: of those that address none. */ directoryId: string | null;
    }
  | { kind: 'replay'; exchangeId: number }
  | { kind: 'foreignRun'; url: string; what: string; go: () => void }
  | { kind: 'leave'; go: () => void };
