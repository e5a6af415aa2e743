import { freePort } from "../rig/loopback.ts";
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** `usual`: set up as it is installed. `hasty`: nothing need survive a power cut, so that tests are fast. */
export type ServerKind = "usual" | "hasty";

/** Its processes are killed in tests, the machine is not. */
const hastySettings = { fsync: "off", full_page_writes: "off", autovacuum: "off" };

/** A PostgreSQL of our own on loopback, on a free port, that can be restarted and killed. */
export class PostgresServer {
  readonly #programs: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #owner: Owner;
  readonly #settings: Readonly<Record<string, string>>;
  #process: ChildProcess | null = null;

  private constructor(
    programs: string,
    folder: string,
    port: number,
    owner: Owner,
    kind: ServerKind,
  ) {
    this.#programs = programs;
    this.#folder = folder;
    this.#port = port;
    this.#owner = owner;
    this.#settings = kind === "hasty" ? hastySettings : {};
  }

  /** Makes an empty database cluster and starts it. */
  static async start(programs: string, kind: ServerKind = "hasty"): Promise<PostgresServer> {
    const owner = ownerOfCluster();
    const room = kind === "hasty" ? roomForDatabases() : tmpdir();
    const folder = mkdtempSync(join(room, "delegate-postgres-"));
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, "secret\n");
    for (const name of ["data", "sockets"]) mkdirSync(join(folder, name), { mode: 0o700 });
    for (const name of ["", "data", "sockets", "password"]) chown(join(folder, name), owner);
    chmodSync(folder, 0o700);
    const words = [
      "-U",
      "delegate",
      "-A",
      "scram-sha-256",
      "--pwfile",
      passwordFile,
      "-E",
      "UTF8",
      "--no-sync",
    ];
    execFileSync(join(programs, "initdb"), ["-D", join(folder, "data"), ...words], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
      ...owner,
    });
    const server = new PostgresServer(programs, folder, await freePort(), owner, kind);
    await server.resume();
    return server;
  }

  /** Where it is, with its password. */
  urlOf(database: string): string {
    return `postgres://delegate:secret@127.0.0.1:${this.#port}/${database}`;
  }

  /** Creates an empty database. */
  createDatabase(name: string): string {
    this.#psql(`create database ${name}`);
    return this.urlOf(name);
  }

  dropDatabase(name: string): void {
    this.#psql(`drop database if exists ${name} with (force)`);
  }

  /** Starts it, and waits until it takes connections. */
  async resume(): Promise<void> {
    const data = join(this.#folder, "data");
    const settings = {
      listen_addresses: "127.0.0.1",
      port: String(this.#port),
      unix_socket_directories: join(this.#folder, "sockets"),
      // In its folder, which is removed however it is stopped.
      dynamic_shared_memory_type: "mmap",
      ...this.#settings,
    };
    const words = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(join(this.#programs, "postgres"), ["-D", data, ...words], {
      cwd: this.#folder,
      // It overwrites its environment with other text, by which it could be taken for somebody else.
      env: {},
      stdio: ["ignore", "ignore", "pipe"],
      ...this.#owner,
    });
    this.#process = child;
    const lines = createInterface({ input: child.stderr });
    const said: string[] = [];
    for await (const line of lines) {
      said.push(line);
      if (line.includes("ready to accept connections")) break;
    }
    if (child.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${said.join("\n")}`);
    child.stderr.resume();
  }

  /** Stops it: `fast` breaks its connections off in order, `immediate` as a power cut would. */
  async pause(how: "fast" | "immediate" = "fast"): Promise<void> {
    const child = this.#process;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    await ended;
  }

  /** Stops it for good, and removes its data. */
  async stop(): Promise<void> {
    await this.pause("immediate");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #psql(statement: string): void {
    execFileSync(join(this.#programs, "psql"), ["-qX", this.urlOf("postgres"), "-c", statement], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
}

const MEMORY = "/dev/shm";
/** For a hundred databases and their log. */
const ROOM_BYTES = 3 * 1024 ** 3;

/** In memory, if there is enough of it: every test makes a database. */
function roomForDatabases(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** As whom it runs: it refuses root. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

function ownerOfCluster(): Owner {
  if (process.getuid?.() !== 0) return {};
  try {
    return { uid: idOf("-u", "postgres"), gid: idOf("-g", "postgres") };
  } catch {
    return { uid: idOf("-u", "nobody"), gid: idOf("-g", "nobody") };
  }
}

function idOf(option: "-u" | "-g", user: string): number {
  return Number(execFileSync("id", [option, user], { encoding: "utf8" }));
}

function chown(path: string, { uid, gid }: Owner): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
