import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { launcherPath } from "../../launcher-path.ts";
import { leaveReasonOf } from "../../run/leave.ts";
import type { Command } from "../command.ts";
import { demoFiles } from "../demo/project.ts";
import type { TourStop } from "../demo/tour.ts";
import { tour } from "../demo/tour.ts";
import { reportFailure } from "../report.ts";
import type { Shell } from "../shell.ts";

/** `delegate demo`: a tour in a temporary project with real agents; every command shown is really run. */
export async function runDemo(_command: Command & { name: "demo" }, shell: Shell): Promise<number> {
  const { signal } = shell;
  const project = mkdtempSync(join(tmpdir(), "delegate-demo-"));
  try {
    writeProject(project);
    shell.stdout.write(`A project with four agents that are small programs, in ${project}\n`);
    for (const stop of tour) {
      const status = show(stop, project, shell);
      // A signal that came while the command ran is told only now.
      await nextTurn();
      if (signal.aborted) return leaveReasonOf(signal) === "terminated" ? 143 : 130;
      if (status !== stop.exitCode) return refuse(status, stop, shell);
    }
    shell.stdout.write(
      "\nNext: delegate init writes a config of your own; delegate --help tells the rest.\n",
    );
    return 0;
  } finally {
    runInProject("delegate gateway stop", project, shell, "ignore");
    rmSync(project, { recursive: true, force: true });
  }
}

function writeProject(project: string): void {
  for (const [name, text] of Object.entries(demoFiles(process.execPath))) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text, { mode: 0o600 });
  }
  mkdirSync(join(project, "bin"));
  symlinkSync(launcherPath(), join(project, "bin", "delegate"));
}

function show({ title, command }: TourStop, project: string, shell: Shell): number | null {
  shell.stdout.write(`\n# ${title}\n$ ${command}\n`);
  const status = runInProject(command, project, shell, "inherit");
  if (status !== 0) shell.stdout.write(`(exit code ${status})\n`);
  return status;
}

function refuse(status: number | null, { exitCode }: TourStop, shell: Shell): number {
  return reportFailure(
    {
      code: "internal",
      message: `the demo expected exit code ${exitCode} here, not ${status}`,
      hint: "please report it, with this output",
    },
    shell,
  );
}

/** Runs a line as a shell would, with this very program as `delegate`. */
function runInProject(
  command: string,
  project: string,
  shell: Shell,
  output: "inherit" | "ignore",
): number | null {
  const path = [join(project, "bin"), dirname(process.execPath), shell.env["PATH"] ?? ""].join(
    delimiter,
  );
  const {
    DELEGATE_CONFIG: _,
    DELEGATE_CALLER: _caller,
    DELEGATE_PARENT_RUN: _parent,
    ...env
  } = shell.env;
  const { status } = spawnSync("sh", ["-c", command], {
    cwd: project,
    env: { ...env, PATH: path },
    stdio: ["ignore", output, output],
  });
  return status;
}
