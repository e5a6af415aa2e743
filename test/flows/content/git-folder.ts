import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A temporary git repository with one commit. */
export class GitFolder {
  readonly folder: string;

  constructor(files: Readonly<Record<string, string | Buffer>>) {
    this.folder = mkdtempSync(join(tmpdir(), "delegate-git-"));
    this.git("init", "-q");
    this.write(files);
    this.commit();
  }

  write(files: Readonly<Record<string, string | Buffer>>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  commit(): void {
    this.git("add", "-A");
    this.git("commit", "-q", "-m", "State");
  }

  git(...words: readonly string[]): string {
    const settings = ["user.name=Test", "user.email=test@localhost", "commit.gpgsign=false"];
    const options = settings.flatMap((setting) => ["-c", setting]);
    return execFileSync("git", [...options, ...words], {
      cwd: this.folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: this.folder, GIT_CONFIG_NOSYSTEM: "1" },
    });
  }

  /** Everything that has changed since the last commit, new files too. */
  diff(...options: readonly string[]): string {
    this.git("add", "-A");
    return this.git("diff", "--cached", ...options);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
