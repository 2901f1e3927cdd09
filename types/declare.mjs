// Prints ingest.d.ts: one declaration for each record of the JSON Schemas in ../schema.
//
//     node declare.mjs > ingest.d.ts

import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

// The order of the declarations; parts stand below the first record that has them.
const SCHEMAS = ["document", "question", "bank", "manifest", "corrections"];
const HEADER = `/*
 * The records that ingest writes. Made from the JSON Schemas by \`make declarations\`; do not edit.
 */
`;
const OPTIONS = { bannerComment: "", additionalProperties: false, style: { printWidth: 110 } };
const SIMPLE = { boolean: "boolean", integer: "number", number: "number", string: "string" };

const definitions = {};
const records = new Set();
for (const name of SCHEMAS) {
  const { $schema, $id, $defs, ...root } = JSON.parse(
    readFileSync(new URL(`../schema/${name}.schema.json`, import.meta.url), "utf8"),
  );
  for (const [part, schema] of Object.entries({ ...$defs, [root.title]: root })) {
    deepEqual(schema, definitions[part] ?? schema, `two schemas differ in what ${part} is`);
    definitions[part] = schema;
  }
  collect(root.title);
}

let declarations = HEADER;
for (const name of records) {
  declarations += "\n" + (await compile(prepared(definitions[name]), name, OPTIONS));
}
process.stdout.write(declarations);

/** Adds a record and all that it refers to, each once. */
function collect(name) {
  if (records.has(name)) return;
  records.add(name);
  for (const [, part] of JSON.stringify(definitions[name]).matchAll(/"#\/\$defs\/(\w+)"/g)) collect(part);
}

/**
 * The schema of a record as the generator takes it best. It would make a type of every title, a copy of a
 * record out of a reference with a description, and a tuple of unknown values out of prefixItems.
 */
function prepared(schema) {
  if (Array.isArray(schema)) return schema.map(prepared);
  if (schema === null || typeof schema !== "object") return schema;
  const { title, description, ...rest } = schema;
  if (schema.$ref || schema.prefixItems)
    return { ...(description && { description }), tsType: typeOf(schema) };
  // A property may be called "title"; then it is a schema.
  const kept = typeof title === "string" ? { ...rest, description } : schema;
  return Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, prepared(value)]));
}

/** The name of a reference's record, a simple type's name, or a tuple of such. */
function typeOf({ $ref, prefixItems, type }) {
  if (prefixItems) return `[${prefixItems.map(typeOf).join(", ")}]`;
  const name = $ref?.split("/").at(-1) ?? SIMPLE[type];
  if (!name) throw new Error(`no type for ${type} in a tuple`);
  return name;
}
