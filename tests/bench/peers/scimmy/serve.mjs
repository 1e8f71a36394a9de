// A server of the packages scimmy and scimmy-routers, over express, with everything in memory. The protocol is theirs; here is only where
// resources are kept, with the index that a lookup by userName needs.
// Prints one line of JSON once it serves: {"scimBaseUrl": "…", "bearerToken": "…"}.

import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const TOKEN = "bench";
const USER_NAME = /^userName eq "(.*)"$/i;

/** Keeps resources of a type; `nameOf` is what has to be unique and is looked up by, if anything is. */
function keep(type, nameOf) {
  const kept = new Map();
  const byName = new Map();
  const missing = (id) => new SCIMMY.Types.Error(404, null, `There is no ${type.name} ${id}`);
  return {
    ingress(resource, instance) {
      const before = kept.get(resource.id);
      if (resource.id && !before) throw missing(resource.id);
      const id = resource.id ?? randomUUID();
      const now = new Date().toISOString();
      const stored = { ...JSON.parse(JSON.stringify(instance)), id, meta: { created: before?.meta.created ?? now, lastModified: now } };
      const name = nameOf?.(stored);
      if (name !== undefined) {
        if ((byName.get(name) ?? id) !== id) throw new SCIMMY.Types.Error(409, "uniqueness", `There is a ${type.name} like this`);
        if (before) byName.delete(nameOf(before));
        byName.set(name, id);
      }
      kept.set(id, stored);
      return stored;
    },
    egress(resource) {
      if (resource.id) {
        if (!kept.has(resource.id)) throw missing(resource.id);
        return kept.get(resource.id);
      }
      const name = USER_NAME.exec(resource.filter?.expression ?? "")?.[1];
      if (name !== undefined && nameOf) {
        const found = kept.get(byName.get(name.toLowerCase()));
        return found ? [found] : [];
      }
      const all = [...kept.values()];
      return resource.filter ? resource.filter.match(all) : all;
    },
    degress(resource) {
      if (!kept.delete(resource.id)) throw missing(resource.id);
    },
  };
}

const { User, Group } = SCIMMY.Resources;
SCIMMY.Resources.declare(User.extend(SCIMMY.Schemas.EnterpriseUser, false), keep(User, (user) => user.userName.toLowerCase()));
SCIMMY.Resources.declare(Group, keep(Group));

const app = express();
// Express prints what a handler throws, except in tests.
app.set("env", "test");
app.use(
  "/scim",
  new SCIMMYRouters({
    type: "bearer",
    handler(request) {
      if (request.header("Authorization") !== `Bearer ${TOKEN}`) throw new Error("The token is wrong");
    },
  }),
);
const server = app.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ scimBaseUrl: `http://127.0.0.1:${server.address().port}/scim`, bearerToken: TOKEN }));
});
// The bench keeps its connections while others have their turn.
server.keepAliveTimeout = 0;
