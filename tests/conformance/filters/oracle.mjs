// The second opinion: the npm package scim2-parse-filter, corrected where RFC 7643 or 7644 decides otherwise.
//
//   stdin   {"users": […], "filters": ["…"], "corrections": ["letterCase", …]}
//   stdout  [[0, 4], {"error": "…"}, …]: for each filter the indices of the users who meet it
//
// Only what CORRECTIONS in compare.py names is corrected, each on its own, so that each can be shown to be needed.
import { readFileSync } from "node:fs";
import filters from "scim2-parse-filter";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user";
const BADGE = "urn:example:params:scim:schemas:extension:badge:2.0:user";
const CORE = /^urn:ietf:params:scim:schemas:core:2\.0:user:/;

/** Attributes whose letter case counts (RFC 7643 §3.1, §8.7.1), references, and what is not text. All in small letters. */
const EXACT = new Set(["externalid", "profileurl", "schemas", `${ENTERPRISE}:manager.value`, `${BADGE}:code`, `${BADGE}:issued`]);
const TIMES = new Set([`${BADGE}:issued`]);
/** Complex attributes with a `value`. */
const WITH_VALUE = new Set(["emails", "phonenumbers", "roles", `${ENTERPRISE}:manager`]);

const { users, filters: texts, corrections } = JSON.parse(readFileSync(0, "utf8"));
const corrects = (name) => corrections.includes(name);

class Corrected extends filters.Tester {
  attrTest(path, value, op) {
    // Without this the filter of a value path sees all elements at once, and a plain list is compared as one value.
    if (corrects("oneElement") && path.length === 0 && Array.isArray(value)) return value.some(op);
    return super.attrTest(path, value, op);
  }

  test(resource, filter) {
    const hasValue = () => super.attrTest(this.attrPath(filter.attrPath), resource, () => true);
    if (corrects("null") && filter.compValue === null && filter.op === "eq") return !hasValue();
    if (corrects("noValueIsNotEqual") && filter.op === "ne" && filter.compValue !== null && !hasValue()) return true;
    return super.test(resource, filter);
  }
}

const prepared = users.map((user) => prepareValue(user, ""));
const tester = new Corrected();
const answers = texts.map((text) => {
  try {
    const filter = prepareFilter(filters.parse(text), "");
    return prepared.flatMap((user, index) => (tester.test(user, filter) ? [index] : []));
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(answers));

/** A value as the corrected tester compares it; `undefined` for none. `path` is in small letters and has no URN of the core schema. */
function prepareValue(value, path) {
  if (Array.isArray(value)) {
    const elements = value.map((element) => prepareValue(element, path)).filter((element) => element !== undefined);
    return elements.length || !corrects("emptyIsAbsent") ? elements : undefined;
  }
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([name, part]) => [name, prepareValue(part, join(path, name))]);
    return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
  }
  return value === "" && corrects("emptyIsAbsent") ? undefined : prepareScalar(value, path);
}

/** A filter's tree as the corrected tester walks it. `within` is the attribute whose elements a value path looks at. */
function prepareFilter(filter, within) {
  switch (filter.op) {
    case "and":
    case "or":
      return { ...filter, filters: filter.filters.map((inner) => prepareFilter(inner, within)) };
    case "not":
      return { ...filter, filter: prepareFilter(filter.filter, within) };
  }
  let attrPath = corrects("coreUrn") && !within ? filter.attrPath.replace(new RegExp(CORE, "i"), "") : filter.attrPath;
  if (filter.op === "[]") {
    return { ...filter, attrPath, valFilter: prepareFilter(filter.valFilter, attrPath.toLowerCase()) };
  }
  if (filter.op === "pr") return { ...filter, attrPath };
  if (corrects("valueByDefault") && !within && WITH_VALUE.has(attrPath.toLowerCase())) attrPath += ".value";
  let compValue = filter.compValue;
  if (typeof compValue === "string") {
    if (corrects("escapes")) compValue = JSON.parse(`"${compValue.replaceAll('"', '\\"')}"`);
    compValue = prepareScalar(compValue, within ? join(within, attrPath) : attrPath.toLowerCase());
  }
  return { ...filter, attrPath, compValue };
}

function prepareScalar(value, path) {
  if (typeof value !== "string") return value;
  if (TIMES.has(path)) return corrects("instants") ? Date.parse(value) : value;
  return corrects("letterCase") && !EXACT.has(path) ? value.toLowerCase() : value;
}

function join(path, name) {
  if (!path) return name.toLowerCase();
  return `${path}${path.endsWith(":user") ? ":" : "."}${name.toLowerCase()}`;
}
