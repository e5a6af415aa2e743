import { readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../make-folder.ts";

/** A file that is there as long as a command of a step may be running; it outlives a worker that is killed. */
export class CommandRecord {
  readonly path: string;
  /** Whether somebody has begun this step's command and not come to its end. */
  readonly wasLeft: boolean;

  /** Throws what the disk has to say. */
  constructor(path: string) {
    this.path = path;
    this.wasLeft = !create(path);
  }

  /** Notes the group of the command's processes, where they can't be found in another way. */
  rememberGroup(groupId: number): void {
    writeFileSync(this.path, `${groupId}`, { mode: 0o600 });
  }

  /** What was noted by who has left it, and when; null when nothing was. */
  readGroup(): { readonly groupId: number; readonly notedAtMs: number } | null {
    try {
      const groupId = Number(readFileSync(this.path, "utf8"));
      return groupId > 1 ? { groupId, notedAtMs: statSync(this.path).mtimeMs } : null;
    } catch {
      return null;
    }
  }

  /** The command is over, and nothing is left of it. */
  remove(): void {
    try {
      unlinkSync(this.path);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }
}

/** False when it is there already. */
function create(path: string): boolean {
  try {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (codeOf(error) !== "ENOENT") throw error;
    makeFolder(dirname(path));
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
    return true;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}
