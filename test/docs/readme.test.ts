import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { scenario } from "../rig/scenario.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** The text of the first block of this kind behind a mark. */
function blockBehind(mark: string, kind: string): string {
  const block = readme.slice(readme.indexOf(mark)).split(`\`\`\`${kind}\n`)[1]?.split("\n```")[0];
  if (block === undefined) throw new Error(`no block of ${kind} behind ${mark}`);
  return block;
}

/** What differs from machine to machine is left out: the limits of inotify, and where programs and the project are. */
function comparable(output: string, folder: string): readonly string[] {
  return output
    .trimEnd()
    .split("\n")
    .filter((line) => !line.includes("inotify"))
    .map((line) =>
      line.replaceAll(folder, "/srv/team").replace(/: \S*\/(\w+) is there$/, ": $1 is there"),
    );
}

scenario("doctor says of README's config what README shows", async ({ newRig }) => {
  const rig = await newRig();
  rig.write("delegate.config.json", blockBehind("## Setting it up", "json"));
  mkdirSync(join(rig.folder, "bin"));
  chmodSync(rig.write("bin/claude", "#!/bin/sh\n"), 0o755);
  const env = { PATH: `${rig.folder}/bin:${process.env["PATH"]}` };
  const { stdout } = await rig.run(["doctor"], { env });
  const [command, ...shown] = blockBehind("`delegate doctor` checks it", "console").split("\n");
  expect(command).toBe("$ delegate doctor");
  expect(comparable(stdout, rig.folder)).toEqual(comparable(shown.join("\n"), "/srv/team"));
});
