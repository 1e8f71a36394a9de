// A SCIM server of the packages scimmy and scimmy-routers, over express. The protocol is theirs; here is only where resources are kept.
// Prints one line of JSON once it serves: {"baseUrl": "http://127.0.0.1:…/scim"}. The token is that of SCIM_TOKEN.

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

/** Keeps resources of a type in memory, as the documentation of scimmy shows. */
function keep(type, isTaken) {
  const kept = new Map();
  const missing = (id) => new SCIMMY.Types.Error(404, null, `There is no ${type.name} ${id}`);
  return {
    kept,
    ingress(resource, instance) {
      if (resource.id && !kept.has(resource.id)) throw missing(resource.id);
      const id = resource.id ?? randomUUID();
      const now = new Date().toISOString();
      const created = kept.get(id)?.meta.created ?? now;
      for (const other of kept.values()) {
        if (other.id !== id && isTaken(other, instance)) {
          throw new SCIMMY.Types.Error(409, "uniqueness", `There is a ${type.name} like this`);
        }
      }
      const before = kept.get(id);
      const stored = { ...JSON.parse(JSON.stringify(instance)), id, meta: { created, lastModified: before?.meta.lastModified } };
      if (!isDeepStrictEqual(stored, before)) stored.meta.lastModified = now;
      kept.set(id, stored);
      return stored;
    },
    egress(resource) {
      if (resource.id) {
        if (!kept.has(resource.id)) throw missing(resource.id);
        return kept.get(resource.id);
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
SCIMMY.Resources.declare(User.extend(SCIMMY.Schemas.EnterpriseUser, false), {
  ...keep(User, (one, other) => one.userName.toLowerCase() === other.userName.toLowerCase()),
});
SCIMMY.Resources.declare(Group, { ...keep(Group, () => false) });

const app = express();
// Express prints what a handler throws, except in tests.
app.set("env", "test");
app.use(
  "/scim",
  new SCIMMYRouters({
    type: "bearer",
    handler(request) {
      if (request.header("Authorization") !== `Bearer ${process.env.SCIM_TOKEN}`) throw new Error("The token is wrong");
    },
  }),
);

const server = app.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ baseUrl: `http://127.0.0.1:${server.address().port}/scim` }));
});
