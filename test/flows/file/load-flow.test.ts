import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadFlow } from "../../../src/flows/file/load-flow.ts";
import { Folder } from "./folder.ts";

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const folders = () => ({
  flowsDir: folder.path("config/flows"),
  packageDir: folder.path("package"),
});

/** The problems of a flow, with the files' names without their folder. */
async function problemsOf(name: string): Promise<readonly string[]> {
  const loaded = await loadFlow(folder.path(name), folders());
  if (loaded.ok) return [];
  return loaded.problems.map(({ file, line, column, message }) =>
    `${file}:${line}:${column} ${message}`.replaceAll(`${folder.root}/`, ""),
  );
}

async function flowOf(name: string) {
  const loaded = await loadFlow(folder.path(name), folders());
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded.flow;
}

const persona = (name: string, body: string) =>
  `---\nname: ${name}\ncategory: review\npurpose: p\nstance: Doubt it.\n---\n\n# ${name}\n\n${body}\n`;

const other = (name: string) => `name: ${name}\nsteps: { x: { run: x } }`;

const agentStep = (more: string) =>
  `name: f\nagents: { r: r }\nsteps:\n  a: { agent: r, task: x, ${more} }\n`;

describe("a flow is whole", () => {
  test("with the schemas that it names, each read once", async () => {
    folder.write("schemas/r.json", '{"type": "object"}');
    folder.write(
      "f.yaml",
      "name: f\nagents: { r: r }\nsteps:\n  a: { agent: r, task: x, schema: schemas/r.json }\n  b: { agent: r, task: x, schema: schemas/r.json }\n",
    );
    const { steps } = await flowOf("f.yaml");
    expect(steps).toMatchObject([
      { dataSchema: { type: "object" } },
      { dataSchema: { type: "object" } },
    ]);
  });

  test("with other flows: beside it, by path, of the config, of the package", async () => {
    folder.write("beside.yml", other("beside"));
    folder.write(
      "sub/by-path.json",
      JSON.stringify({ name: "by-path", steps: { x: { run: "x" } } }),
    );
    folder.write("config/flows/own.yaml", other("own"));
    folder.write("config/flows/beside.yaml", other("not-this"));
    folder.write("package/flows/built-in.yaml", other("built-in"));
    folder.write(
      "f.yaml",
      "name: f\nsteps: { a: { flow: beside }, b: { flow: sub/by-path.json }, c: { flow: own }, d: { flow: built-in }, e: { flow: ./beside.yml } }",
    );
    const { steps } = await flowOf("f.yaml");
    expect(steps.map((step) => (step.kind === "flow" ? step.flow.name : ""))).toEqual([
      "beside",
      "by-path",
      "own",
      "built-in",
      "beside",
    ]);
  });

  test("with personas: its own before the config's before the package's", async () => {
    for (const place of [
      "personas",
      "config/flows/personas",
      "config/personas",
      "package/personas",
    ]) {
      folder.write(`${place}/one.md`, persona("one", place));
    }
    folder.write("config/flows/personas/two.md", persona("two", "of the config"));
    folder.write("config/personas/two.md", persona("two", "wrong"));
    folder.write("config/personas/three.md", persona("three", "beside the config's flows"));
    folder.write("package/personas/four.md", persona("four", "of the package"));
    folder.write(
      "f.yaml",
      "name: f\nagents: { r: r }\npersonas: [two, three]\nsteps: { a: { agent: r, task: x, persona: one }, b: { agent: r, task: x, persona: four } }",
    );
    const { personas } = await flowOf("f.yaml");
    expect(personas).toEqual({
      two: "# two\n\nof the config\n\n## Above all\n\nDoubt it.\n",
      three: "# three\n\nbeside the config's flows\n\n## Above all\n\nDoubt it.\n",
      one: "# one\n\npersonas\n\n## Above all\n\nDoubt it.\n",
      four: "# four\n\nof the package\n\n## Above all\n\nDoubt it.\n",
    });
  });
});

describe("what is wrong with the files that a flow names is told where it names them", () => {
  test.each([
    ["nope.json", "f.yaml:4:35 nope.json does not exist; correct the path, or make the file"],
    [
      "broken.json",
      "f.yaml:4:35 broken.json, line 1, column 9: this is no YAML: Flow map must end with a }",
    ],
    [
      "wrong.json",
      'f.yaml:4:35 the schema can\'t be used: /type must be one of "array", "boolean", "integer", "null", "number", "object", "string", not "strnig"; did you mean "string"?; write it as JSON Schema 2020-12 says: https://json-schema.org',
    ],
    [
      "number.json",
      "f.yaml:4:35 the schema can't be used: it is neither an object nor true or false; write it as JSON Schema 2020-12 says: https://json-schema.org",
    ],
  ])("the schema %s", async (name, problem) => {
    folder.write("broken.json", '{"type":\n');
    folder.write("wrong.json", '{"type": "strnig"}');
    folder.write("number.json", "3");
    folder.write("f.yaml", agentStep(`schema: ${name}`));
    expect(await problemsOf("f.yaml")).toEqual([problem]);
  });

  test("a schema that stands in the file, and that of the inputs", async () => {
    folder.write(
      "f.yaml",
      "name: f\ninputs: { minLength: x }\nagents: { r: r }\nsteps:\n  a: { agent: r, task: x, schema: { pattern: '(' } }\n",
    );
    const problems = await problemsOf("f.yaml");
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain("f.yaml:2:9 the schema can't be used: /minLength must be");
    expect(problems[1]).toContain(
      "f.yaml:5:35 the schema can't be used: Invalid regular expression",
    );
  });

  test.each([
    ["skeptik", 'there is no persona "skeptik"; did you mean "skeptic"?'],
    [
      "nobody",
      'there is no persona "nobody"; it would be nobody.md in personas or config/flows/personas or config/personas or package/personas',
    ],
    [
      "../secret",
      'there is no persona "../secret"; it would be ../secret.md in personas or config/flows/personas or config/personas or package/personas',
    ],
    [
      "headless",
      'the persona personas/headless.md has no head: name, purpose and stance between two lines of "---"',
    ],
    ["renamed", 'the persona personas/renamed.md calls itself "other"; name it like its file'],
    ["silent", "the persona personas/silent.md says nothing behind its head"],
    ["half", 'the persona personas/half.md has no "stance" in its head'],
    ["odd", 'the persona personas/odd.md has a head that can\'t be read: "name" stands here twice'],
  ])("the persona %s", async (name, message) => {
    folder.write("personas/skeptic.md", persona("skeptic", "x"));
    folder.write("secret.md", persona("secret", "x"));
    folder.write("personas/headless.md", "# Just a title\n");
    folder.write("personas/renamed.md", persona("other", "x"));
    folder.write("personas/silent.md", "---\nname: silent\npurpose: p\nstance: s\n---\n\n");
    folder.write("personas/half.md", "---\nname: half\npurpose: p\n---\nx\n");
    folder.write("personas/odd.md", "---\nname: odd\nname: odd\n---\nx\n");
    folder.write("f.yaml", agentStep(`persona: ${name}`));
    expect(await problemsOf("f.yaml")).toEqual([`f.yaml:4:36 ${message}`]);
  });

  test.each(["name", "purpose", "stance"])("a persona without its %s", async (key) => {
    folder.write("personas/p.md", persona("p", "x").replace(new RegExp(`^${key}:.*\n`, "m"), ""));
    folder.write("f.yaml", agentStep("persona: p"));
    expect(await problemsOf("f.yaml")).toEqual([
      `f.yaml:4:36 the persona personas/p.md has no "${key}" in its head`,
    ]);
  });

  test("another flow that is not there", async () => {
    folder.write("build.yaml", "name: build\nsteps: { x: { run: x } }");
    folder.write("f.yaml", "name: f\nsteps:\n  a: { flow: bild }\n  b: { flow: sub/none.yaml }\n");
    expect(await problemsOf("f.yaml")).toEqual([
      'f.yaml:3:14 there is no flow "bild"; did you mean "build"?',
      "f.yaml:4:14 sub/none.yaml does not exist, or is no file",
    ]);
  });

  test("another flow that is wrong: in its own file, once", async () => {
    folder.write("sub/g.yaml", "name: g\nsteps: { x: { run: x, needs: y } }");
    folder.write(
      "f.yaml",
      "name: f\nsteps:\n  a: { flow: sub/g.yaml }\n  b: { flow: sub/g.yaml }\n  c: { run: x, needs: zz }\n",
    );
    expect(await problemsOf("f.yaml")).toEqual([
      'f.yaml:5:23 there is no step "zz"',
      'sub/g.yaml:2:30 there is no step "y"',
    ]);
  });

  test("flows that include each other", async () => {
    folder.write("f.yaml", "name: f\nsteps: { a: { flow: g } }");
    folder.write("g.yaml", "name: g\nsteps: { b: { flow: h } }");
    folder.write("h.yaml", "name: h\nsteps: { c: { flow: ./g.yaml }, d: { flow: f } }");
    expect(await problemsOf("f.yaml")).toEqual([
      "h.yaml:2:21 the flow includes itself: g.yaml → h.yaml → g.yaml",
      "h.yaml:2:44 the flow includes itself: f.yaml → g.yaml → h.yaml → f.yaml",
    ]);
  });

  test("too many flows in each other", async () => {
    for (let level = 0; level < 9; level += 1) {
      folder.write(`f${level}.yaml`, `name: f\nsteps: { a: { flow: f${level + 1} } }`);
    }
    folder.write("f9.yaml", "name: f\nsteps: { a: { run: x } }");
    expect(await problemsOf("f0.yaml")).toEqual([
      "f7.yaml:2:21 more than 8 flows are in each other",
    ]);
    expect(await problemsOf("f2.yaml")).toEqual([]);
  });
});

describe("a file that can't be a flow", () => {
  test("says why", async () => {
    folder.write("empty.yaml", "");
    folder.write("null.yaml", "~");
    folder.write("folder/x", "");
    expect(await problemsOf("empty.yaml")).toEqual(["empty.yaml:1:1 the file is empty"]);
    expect(await problemsOf("null.yaml")).toEqual(["null.yaml:1:1 the file is empty"]);
    expect(await problemsOf("folder")).toEqual([
      "folder:1:1 folder is a folder, not a file; point to the file itself",
    ]);
    expect(await problemsOf("nope.yaml")).toEqual([
      "nope.yaml:1:1 nope.yaml does not exist; correct the path, or make the file",
    ]);
  });

  test("because others can change what it runs; what came with the package is the installer's", async () => {
    const text = "name: f\nsteps: { a: { run: x } }";
    for (const name of ["f.yaml", "package/flows/f.yaml"]) {
      folder.write(name, text);
      chmodSync(folder.path(name), 0o666);
    }
    symlinkSync(folder.path("f.yaml"), join(folder.root, "package/flows/link.yaml"));
    expect(await problemsOf("f.yaml")).toEqual([
      "f.yaml:1:1 f.yaml can be changed by other users; chmod go-w f.yaml",
    ]);
    expect(await problemsOf("package/flows/f.yaml")).toEqual([]);
    expect(await problemsOf("package/flows/link.yaml")).toEqual([
      "package/flows/link.yaml:1:1 package/flows/link.yaml can be changed by other users; chmod go-w package/flows/link.yaml",
    ]);
  });
});

test("where something stands in a good flow can be asked later", async () => {
  folder.write("f.yaml", "name: f\nagents: { r: nobody }\nsteps: { a: { agent: r, task: x } }");
  const loaded = await loadFlow(folder.path("f.yaml"), folders());
  if (!loaded.ok) throw new Error("it has problems");
  expect(loaded.placeOf({ at: "/agents/r", spot: "value", message: "" })).toEqual({
    line: 2,
    column: 14,
  });
});
