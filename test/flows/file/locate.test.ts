import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { flowNames, locateFlow } from "../../../src/flows/file/locate.ts";
import { Folder } from "./folder.ts";

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  folder.write("config/flows/build.yml", "");
  folder.write("config/flows/own.json", "");
  folder.write("config/flows/notes.md", "");
  folder.write("config/flows/own.schema.json", "");
  folder.write("package/flows/build.yaml", "");
  folder.write("package/flows/review.yaml", "");
  folder.write("cwd/here.yaml", "");
  folder.write("cwd/bare", "");
  folder.write("cwd/own/x", "");
});
afterEach(() => folder.remove());

function locate(word: string, flowsDir: string | null = "config/flows") {
  const located = locateFlow(word, folder.path("cwd"), {
    flowsDir: flowsDir === null ? null : folder.path(flowsDir),
    packageDir: folder.path("package"),
  });
  const said = located.ok ? located.value : located.failure.message;
  return said.replaceAll(`${folder.root}/`, "");
}

describe("a flow is found", () => {
  test.each([
    ["here.yaml", "cwd/here.yaml"],
    ["./here.yaml", "cwd/here.yaml"],
    ["../config/flows/own.json", "config/flows/own.json"],
    ["bare", "cwd/bare"],
    ["build", "config/flows/build.yml"],
    ["own", "config/flows/own.json"],
    ["review", "package/flows/review.yaml"],
  ])("%s", (word, path) => {
    expect(locate(word)).toBe(path);
  });

  test("of the package where the config has no folder of flows", () => {
    expect(locate("build", null)).toBe("package/flows/build.yaml");
    expect(locate("build", "nope")).toBe("package/flows/build.yaml");
  });
});

describe("a flow is not found", () => {
  test.each([
    ["nope.yaml", "cwd/nope.yaml does not exist, or is no file"],
    ["./nope", "cwd/nope does not exist, or is no file"],
    ["bulid", 'there is no flow "bulid"; did you mean "build"?'],
    ["something", 'there is no flow "something"; there are build, own, review'],
  ])("%s", (word, message) => {
    expect(locate(word)).toBe(message);
  });

  test("where there are none", () => {
    const none = { flowsDir: null, packageDir: folder.path("cwd") };
    expect(locateFlow("build", folder.root, none)).toEqual({
      ok: false,
      failure: {
        code: "usage",
        message: 'there is no flow "build"',
        hint: `flows are files such as build.yaml in ${folder.path("cwd/flows")}; or name a file`,
      },
    });
  });
});

test("the names of all flows that are found by name", () => {
  const folders = { flowsDir: folder.path("config/flows"), packageDir: folder.path("package") };
  expect(flowNames(folders)).toEqual(["build", "own", "review"]);
});
