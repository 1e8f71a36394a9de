import DeleteWebhookDialog from './DeleteWebhookDialog.svelte';
import WebhookDialog from './WebhookDialog.svelte';
import WebhookSecretDialog from './WebhookSecretDialog.svelte';

/** The dialogs of webhooks, by what opens them. */
export const webhookDialogs = {
  newWebhook: WebhookDialog,
  editWebhook: WebhookDialog,
  rotateWebhookSecret: WebhookSecretDialog,
  deleteWebhook: DeleteWebhookDialog,
};
