// The directory sync of SAML Jackson with everything in memory, behind node's own HTTP server.
// Prints one line of JSON once it serves: {"scimBaseUrl": "…", "bearerToken": "…"}.

import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import jackson from "@boxyhq/saml-jackson";

// What the package logs is not for the bench to read.
console.log = console.info = console.error;

// The package is CommonJS: its default export is a property.
const { directorySyncController } = await jackson.default({
  externalUrl: "http://127.0.0.1",
  samlAudience: "http://127.0.0.1",
  samlPath: "/saml",
  scimPath: "/scim",
  db: { engine: "mem" },
  noAnalytics: true,
});
const { data: directory, error } = await directorySyncController.directories.create({
  tenant: "bench",
  product: "bench",
  name: "Bench",
  type: "okta-scim-v2",
});
if (error) throw new Error(error.message);

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
  const [, , resourceType, resourceId] = pathname.split("/");
  const number = (name) => (searchParams.has(name) ? Number(searchParams.get(name)) : undefined);
  const body = await text(request);
  return directorySyncController.requests.handle({
    method: request.method,
    body: body ? JSON.parse(body) : undefined,
    directoryId: directory.id,
    resourceType,
    resourceId,
    apiSecret: (request.headers.authorization ?? "").replace(/^Bearer /, ""),
    query: { count: number("count"), startIndex: number("startIndex"), filter: searchParams.get("filter") ?? undefined },
  });
}

const server = createServer(async (request, response) => {
  let answered;
  try {
    answered = await answer(request);
  } catch (error) {
    answered = { status: 500, data: { detail: String(error) } };
  }
  const body = JSON.stringify(answered.data ?? {});
  response.writeHead(answered.status, {
    "content-type": "application/scim+json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
});
// The bench keeps its connections while others have their turn.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => {
  const scimBaseUrl = `http://127.0.0.1:${server.address().port}/scim`;
  process.stdout.write(`${JSON.stringify({ scimBaseUrl, bearerToken: directory.scim.secret })}\n`);
});
