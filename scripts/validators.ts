import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { AnySchemaObject } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

/** The validators that the program is built with, by file, and the schemas that they come from. */
const validatorFiles = {
  "validators.js": {
    handoffStrict: "handoff.schema.json",
    handoffBasic: "handoff-basic.schema.json",
    configFile: "config.schema.json",
    registryFile: "registry.schema.json",
  },
  // Every run loads the others; this one only what has to do with flows.
  "flow-validator.js": { flowFile: "flow.schema.json" },
} as const;

const folder = new URL("../schemas/", import.meta.url);
const targetFolder = new URL("../src/schema/", import.meta.url);

/** Compiles the schemas into plain code, so that no schema compiler is loaded at run time. */
export async function generateValidators(): Promise<void> {
  for (const [file, schemaFiles] of Object.entries(validatorFiles)) generate(file, schemaFiles);
  // Ajv would compile it anew in every process that is given a schema: 60 ms.
  const ajv = new Ajv2020({ allErrors: true, inlineRefs: false, strict: false, code: asSource });
  write("json-schema-validator.js", ajv, { jsonSchema: DRAFT });
}

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

const asSource = { source: true, esm: true } as const;

function generate(target: string, schemaFiles: Readonly<Record<string, string>>): void {
  const ajv = new Ajv2020({
    allErrors: true,
    // What several places refer to is there once: every run loads all of it.
    inlineRefs: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    code: asSource,
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
  write(target, ajv, names);
}

/** Writes the validators under these names, each for the schema of this id. */
function write(target: string, ajv: Ajv2020, names: Record<string, string>): void {
  const code = standaloneCode
    .default(ajv, names)
    .replaceAll(
      /const (\w+) = require\("([^"]+)"\)\.default;/g,
      'import $1_module from "$2.js"; const $1 = $1_module.default ?? $1_module;',
    );
  mkdirSync(targetFolder, { recursive: true });
  // Tests may run beside a build, and must not see half a file.
  const temporary = new URL(`${target}.${process.pid}.tmp`, targetFolder);
  writeFileSync(temporary, code);
  renameSync(temporary, new URL(target, targetFolder));
}

/** Descriptions are for readers of the schema; in the program they would only be loaded. */
function withoutDescription(key: string, value: unknown): unknown {
  return key === "description" && typeof value === "string" ? undefined : value;
}
