import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TimedCommand } from "./measure.ts";
import type { Project } from "./project.ts";

/** The built command. */
export const launcher = fileURLToPath(new URL("../bin/launch.cjs", import.meta.url));

const peer = fileURLToPath(new URL("peer.sh", import.meta.url));

/** Node alone, the same binary: what every run costs anyway. */
export function bareNode({ folder }: Project): TimedCommand {
  return { file: process.execPath, args: ["-e", "0"], cwd: folder };
}

/** The built command with these words. */
export function delegateCommand({ folder }: Project, ...words: readonly string[]): TimedCommand {
  return { file: process.execPath, args: [launcher, ...words], cwd: folder };
}

/** The shell peer, which does the same work with curl and inotifywait. */
export function peerCommand(project: Project, origin: string, agent: string): TimedCommand {
  const args = [peer, origin, project.tokenFile, project.handoffDir, agent];
  return { file: "/bin/sh", args, cwd: project.folder };
}

/** What the shell peer needs and this machine lacks, or null. */
export function whatPeerLacks(): string | null {
  const missing = ["curl", "inotifywait"].filter(
    (name) => spawnSync("/bin/sh", ["-c", `command -v ${name}`]).status !== 0,
  );
  return missing.length === 0 ? null : `${missing.join(" and ")} not installed`;
}
