// An app that reads its users from SCIM Setup, then is told of what happens to them.
//
//   npm install
//   export SCIM_SETUP_URL=http://127.0.0.1:7248   # the address in the tab "Your app"
//   export SCIM_SETUP_API_KEY=scim-setup-key-…    # from "Create API key…"
//   export ORGANIZATION=acme                      # the organization's external id
//   export WEBHOOK_SECRET=whsec_…                 # shown once, for http://localhost:3000/webhooks
//   node app.mjs

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const { SCIM_SETUP_URL, SCIM_SETUP_API_KEY, ORGANIZATION, WEBHOOK_SECRET, PORT = '3000' } = process.env;

/** All users of the organization's Primary directory, deactivated and deleted ones included. */
async function* listUsers(organization) {
  let pageToken = '';
  do {
    const query = new URLSearchParams({ organizationExternalId: organization, pageToken });
    const response = await fetch(`${SCIM_SETUP_URL}/v1/scim/users?${query}`, {
      headers: { authorization: `Bearer ${SCIM_SETUP_API_KEY}` },
    });
    const page = await response.json();
    // A refusal says why in a sentence.
    if (!response.ok) throw new Error(page.message);
    yield* page.scimUsers;
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
}

/** Takes a webhook. An event may arrive twice, with the same id; what is answered with 2xx is not sent again. */
async function receive(request) {
  const body = await text(request);
  try {
    webhook.verify(body, request.headers);
  } catch (error) {
    if (error instanceof WebhookVerificationError) return 401;
    throw error;
  }
  const { type, data } = JSON.parse(body);
  console.log(type, data.user?.email ?? data.group?.displayName ?? '');
  return 204;
}

const webhook = new Webhook(WEBHOOK_SECRET);
for await (const { email, attributes, deleted } of listUsers(ORGANIZATION)) {
  console.log(email, attributes.active !== false && !deleted ? 'active' : 'inactive');
}
const server = createServer((request, response) => {
  receive(request).then(
    (status) => response.writeHead(status).end(),
    (error) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
});
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`Listening on http://localhost:${server.address().port}/webhooks`);
});
