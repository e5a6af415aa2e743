import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { AnySchemaObject } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

/** The validators that the program is built with, and the schemas that they come from. */
const schemaFiles = {
  handoffStrict: "handoff.schema.json",
  handoffBasic: "handoff-basic.schema.json",
  configFile: "config.schema.json",
  registryFile: "registry.schema.json",
} as const;

const folder = new URL("../schemas/", import.meta.url);
const target = new URL("../src/schema/validators.js", import.meta.url);

/** Compiles the schemas into plain code, so that no schema compiler is loaded at run time. */
export async function generateValidators(): Promise<void> {
  const ajv = new Ajv2020({
    allErrors: true,
    // What several places refer to is there once: every run loads all of it.
    inlineRefs: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true },
  });
  const names: Record<string, string> = {};
  for (const [name, file] of Object.entries(schemaFiles)) {
    const schema: AnySchemaObject = JSON.parse(
      readFileSync(new URL(file, folder), "utf8"),
      withoutDescription,
    );
    ajv.addSchema(schema, file);
    names[name] = file;
  }
  const code = standaloneCode
    .default(ajv, names)
    .replaceAll(
      /const (\w+) = require\("([^"]+)"\)\.default;/g,
      'import $1_module from "$2.js"; const $1 = $1_module.default ?? $1_module;',
    );
  mkdirSync(new URL(".", target), { recursive: true });
  // Tests may run beside a build, and must not see half a file.
  const temporary = new URL(`validators.js.${process.pid}.tmp`, target);
  writeFileSync(temporary, code);
  renameSync(temporary, target);
}

/** Descriptions are for readers of the schema; in the program they would only be loaded. */
function withoutDescription(key: string, value: unknown): unknown {
  return key === "description" && typeof value === "string" ? undefined : value;
}
