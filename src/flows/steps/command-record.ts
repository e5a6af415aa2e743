import { linkSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { codeOf } from "../../thrown.ts";
import { makeFolder } from "../../system/make-folder.ts";

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
    const written = `${this.path}.new`;
    writeFileSync(written, `${groupId}`, { mode: 0o600 });
    renameSync(written, this.path);
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

/** Records have nothing in them at first: all are names of this one file, since a name costs less than a file. */
const BLANK = "blank";

/** False when it is there already. */
function create(path: string): boolean {
  const blank = join(dirname(path), BLANK);
  const linked = link(blank, path);
  if (linked !== "no_blank") return linked === "made";
  makeFolder(dirname(path));
  make(blank);
  const again = link(blank, path);
  // Not every file system has files with several names.
  return again === "no_blank" ? make(path) : again === "made";
}

function link(blank: string, path: string): "made" | "there" | "no_blank" {
  try {
    linkSync(blank, path);
    return "made";
  } catch (error) {
    return codeOf(error) === "EEXIST" ? "there" : "no_blank";
  }
}

function make(path: string): boolean {
  try {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}
