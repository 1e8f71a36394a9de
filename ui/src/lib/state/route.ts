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
  | { kind: 'newEnvironment' }
  | { kind: 'editEnvironment'; id: string }
  | { kind: 'deleteEnvironment'; id: string }
  | { kind: 'newOrganization' }
  | { kind: 'editOrganization'; id: string }
  | { kind: 'deleteOrganization'; id: string }
  | { kind: 'newDirectory'; organizationId: string | null }
  | { kind: 'editDirectory'; id: string }
  | { kind: 'deleteDirectory'; id: string }
  | { kind: 'token'; id: string }
  | { kind: 'rotateToken'; id: string }
  | {
      kind: 'deleteRequests';
      /** `null`: of those that address none. */ directoryId: string | null;
    }
  | { kind: 'replay'; exchangeId: number }
  | { kind: 'foreignRun'; url: string; what: string; go: () => void }
  | { kind: 'choosePort' }
  | { kind: 'clearRequests' }
  | { kind: 'leave'; go: () => void }
  | { kind: 'palette' }
  | { kind: 'shortcuts' }
  | { kind: 'about' };
