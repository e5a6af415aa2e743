import { mkdirSync, symlinkSync } from "node:fs";
import type { Rig } from "./rig.ts";
import { runProgram } from "./run-program.ts";
import type { ProgramEnd } from "./run-program.ts";

const packageFolder = new URL("../../", import.meta.url).pathname;

/** Writes a program that has the package installed; `tell` prints a value as one line of JSON. */
export function writeLibraryProgram(rig: Rig, program: string): string {
  mkdirSync(`${rig.folder}/node_modules`, { recursive: true });
  symlinkSync(packageFolder, `${rig.folder}/node_modules/agent-delegate`, "dir");
  return rig.write(
    "program.mjs",
    `import { awaitRun, delegate } from "agent-delegate";\nconst tell = (value) => console.log(JSON.stringify(value));\n${program}`,
  );
}

/** Runs such a program; what it tells is its last line. */
export async function runWithLibrary(
  rig: Rig,
  program: string,
): Promise<{ told: Record<string, unknown> } & Omit<ProgramEnd, "stdout">> {
  const path = writeLibraryProgram(rig, program);
  const { stdout, stderr, exitCode } = await runProgram(process.execPath, [path], rig.folder);
  if (stdout === "") throw new Error(`the program told nothing: ${stderr}`);
  const told: Record<string, unknown> = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "null");
  return { told, stderr, exitCode };
}
