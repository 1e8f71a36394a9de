import ApiKeyDialog from './ApiKeyDialog.svelte';
import DeleteCallsDialog from './DeleteCallsDialog.svelte';
import DeleteWebhookDialog from './DeleteWebhookDialog.svelte';
import RevokeKeyDialog from './RevokeKeyDialog.svelte';
import WebhookDialog from './WebhookDialog.svelte';
import WebhookSecretDialog from './WebhookSecretDialog.svelte';

/** The dialogs of the tab "Your app", by what opens them. */
export const appDialogs = {
  newApiKey: ApiKeyDialog,
  revokeApiKey: RevokeKeyDialog,
  deleteApiCalls: DeleteCallsDialog,
  newWebhook: WebhookDialog,
  editWebhook: WebhookDialog,
  rotateWebhookSecret: WebhookSecretDialog,
  deleteWebhook: DeleteWebhookDialog,
};
