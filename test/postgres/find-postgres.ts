import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The folder of PostgreSQL's programs; installs Debian's when there is none. */
export function findPostgres(say: (line: string) => void): string {
  const found = lookForPostgres();
  if (found !== null) return found;
  say("installing PostgreSQL with apt-get");
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const words of [
    ["apt-get", "update"],
    ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"],
  ]) {
    const [program = "", ...rest] = [...asRoot, ...words];
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const { status, error } = spawnSync(program, rest, { stdio: ["ignore", 2, 2], env });
    if (status !== 0) throw new Error(`${words.join(" ")} did not work: ${error ?? status}`);
  }
  const installed = lookForPostgres();
  if (installed === null) throw new Error("PostgreSQL was installed, but initdb is nowhere");
  return installed;
}

/** The same, or null when there is none. Debian keeps them out of PATH, in a folder for each version. */
export function lookForPostgres(): string | null {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(root, version, "bin")),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}
