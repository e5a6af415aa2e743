import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { once } from "node:events";

/** How a script of the built-in flows ended. */
export interface ScriptEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of `flows/` as a step of a flow does: with values in the environment, in a folder. */
export async function runScript(
  name: string,
  folder: string,
  env: Readonly<Record<string, string>>,
  stdin = "",
): Promise<ScriptEnd> {
  const script = new URL(`../../../flows/${name}`, import.meta.url).pathname;
  const child = spawn(process.execPath, [script], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...env },
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { exitCode, stdout, stderr };
}
