import type { Directory } from '$lib/api';
import { words as allWords } from '$lib/directory-words';
import { hostOf } from '$lib/format';
import { isTokenTheirs } from '$lib/forwarding';
import { words as forwardingWords } from '$lib/forwarding-words';
import type { AppState } from '$lib/state/app.svelte';
import { words as tokenWords } from '$lib/token-words';
import { words as shellWords } from '$lib/words';

const { waiting: words } = allWords;

/** Something that has to be ready before a user can arrive. */
interface Check {
  state: 'passed' | 'notYet' | 'failed';
  label: string;
  detail: string;
  /** What makes it ready. */
  action?: { label: string; go: () => void };
}

/** How far a directory in which nobody has arrived is from that: in words, as a path, and point by point in the order of the setup. */
export function readinessOf({ router, workspace, server, dialogs, tunnel, clock }: AppState, directory: Directory) {
  const { token, lastRequest, misaddressed, rejected } = directory;
  const { name, testPlace } = directory.provider;
  const listener = server.status?.listener;
  const isListening = listener?.state === 'listening';
  const publicUrl = directory.baseUrlIsLocal ? null : (workspace.environment?.publicUrl ?? null);
  /** What the check says of the hop between the tunnel and this app. */
  const reach = publicUrl === null || !isListening ? 'plain' : tunnel.wire;
  const isTheirs = isTokenTheirs(directory);
  const answeredAt = lastRequest !== null && lastRequest.status < 400 ? lastRequest.at : null;
  const usedAt = isTheirs ? answeredAt : (token?.lastUsedAt ?? null);

  const heading =
    token === null && !isTheirs
      ? { title: words.noTokenTitle(name), text: words.noTokenText(name) }
      : usedAt === null
        ? { title: words.title(name), text: words.text(name) }
        : { title: words.connectedTitle, text: words.connectedText(name, clock.ago(usedAt)) };

  const provider =
    misaddressed !== null
      ? { text: words.misaddressed, state: 'broken' as const }
      : rejected !== null
        ? { text: words.rejected, state: 'broken' as const }
        : lastRequest === null
          ? { text: words.nothingSent, state: 'plain' as const }
          : { text: shellWords.dot.live(clock.ago(lastRequest.at)), state: 'on' as const };
  const path = {
    provider: { title: shellWords.path.providerOf(name), ...provider },
    tunnel: { text: publicUrl === null ? shellWords.path.notSet : hostOf(publicUrl), state: reach },
    app: isListening
      ? { text: words.listensOn(listener.port), state: 'on' as const }
      : { text: words.notListening, state: 'broken' as const },
    wires: [usedAt === null ? 'plain' : 'on', reach] as ['plain' | 'on', typeof reach],
  };

  const checks: Check[] = [
    {
      state: isListening ? 'passed' : 'failed',
      label: isListening ? words.listening : words.notListening,
      detail: isListening ? listener.address : (listener?.message ?? ''),
    },
    publicUrl === null
      ? {
          state: 'notYet',
          label: words.noTunnel,
          detail: words.tunnelMissing,
          action: { label: words.addTunnel, go: () => router.go({ screen: 'settings' }) },
        }
      : {
          state: reach === 'broken' ? 'failed' : 'passed',
          label: tunnel.check?.title ?? words.tunnel,
          detail: tunnel.check?.text ?? publicUrl,
        },
    isTheirs
      ? {
          state: usedAt === null ? 'notYet' : 'passed',
          label: forwardingWords.theirToken,
          detail: forwardingWords.passOnHint,
        }
      : token === null
        ? {
            state: 'notYet',
            label: words.token(name),
            detail: tokenWords.credentials.noToken,
            action: { label: tokenWords.credentials.generate, go: () => dialogs.askForToken(directory) },
          }
        : {
            state: usedAt === null ? 'notYet' : 'passed',
            label: words.token(name),
            detail:
              usedAt === null ? words.tokenUnused(clock.ago(token.createdAt)) : words.tokenUsed(clock.ago(usedAt)),
          },
    { state: usedAt === null ? 'notYet' : 'passed', label: words.connection(name), detail: testPlace },
  ];
  return { heading, path, checks };
}
