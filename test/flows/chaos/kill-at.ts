import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import sqlite from "node:sqlite";

/*
 * Loaded before a command: has its process kill itself at its n-th effect on the world, counted from 1: before a file
 * is written, made, renamed or removed, before and after a commit, before and after something is sent or begun.
 */

const wanted = Number(process.env["DELEGATE_TEST_KILL_AT"]);
// What it begins is not meant.
delete process.env["DELEGATE_TEST_KILL_AT"];
delete process.env["NODE_OPTIONS"];

let count = 0;
/** Whether what is done now is a part of an effect that was counted. */
let isInside = false;

function point(): void {
  count += 1;
  if (count === wanted) process.kill(process.pid, "SIGKILL");
}

function watch(holder: object, name: string, isAfterToo: boolean, isMeant: IsMeant): void {
  const real: unknown = Reflect.get(holder, name);
  if (typeof real !== "function") throw new Error(`there is no ${name}`);
  const value = function (this: unknown, ...args: unknown[]): unknown {
    if (isInside || !isMeant(args)) return Reflect.apply(real, this, args);
    point();
    isInside = true;
    try {
      return Reflect.apply(real, this, args);
    } finally {
      isInside = false;
      if (isAfterToo) point();
    }
  };
  Object.defineProperty(holder, name, { value, writable: true, configurable: true });
}

type IsMeant = (args: readonly unknown[]) => boolean;

const always: IsMeant = () => true;
const toFile: IsMeant = ([file]) => file !== 1 && file !== 2;
const toWrite: IsMeant = ([, flags]) => flags !== undefined && flags !== "r" && flags !== 0;
const isCommit: IsMeant = ([sql]) => sql === "COMMIT";

for (const name of ["writeFileSync", "appendFileSync", "renameSync", "linkSync", "unlinkSync"])
  watch(fs, name, false, always);
for (const name of ["mkdirSync", "rmSync"]) watch(fs, name, false, always);
for (const name of ["writeFile", "rename", "link", "unlink", "mkdir", "rm"])
  watch(fs.promises, name, false, always);
watch(fs, "writeSync", false, toFile);
watch(fs, "openSync", false, toWrite);
watch(fs.promises, "open", false, toWrite);
watch(sqlite.DatabaseSync.prototype, "exec", true, isCommit);
watch(net.Socket.prototype, "write", true, always);
watch(childProcess, "spawn", true, always);
syncBuiltinESMExports();
