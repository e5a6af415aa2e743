import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder for one test. */
export class Folder {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "delegate-flow-")));

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text, { mode: 0o644 });
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
