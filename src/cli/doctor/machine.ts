import { existsSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import type { Config } from "../../config/config.ts";
import { storageReason } from "../../run/stored/run-folder.ts";
import type { Check } from "./check.ts";
import { fail, ok, warn } from "./check.ts";
import { makeIgnoredFolder } from "../../system/make-folder.ts";

/** Below this, watching many runs at once fails on Linux. */
const ENOUGH_WATCHES = 8_192;
const ENOUGH_INSTANCES = 64;
const ENOUGH_BYTES = 100 * 1024 * 1024;

/** Whether the folders can be written, and the system lets files be watched. */
export function checkMachine(config: Config): readonly Check[] {
  return [
    checkFolder("handoffDir", config.handoffDir),
    checkFolder("logDir", config.logDir),
    ...checkRoom(config.handoffDir),
    ...checkInotify(config.watch),
  ];
}

function checkFolder(subject: string, folder: string): Check {
  const probe = `${folder}/.doctor-${randomUUID()}`;
  try {
    makeIgnoredFolder(folder);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    return fail(
      subject,
      `${folder} can't be written: ${storageReason(error)}`,
      `correct its permissions, or change ${subject} in the config`,
    );
  }
  const { mode } = statSync(folder);
  return (mode & 0o022) === 0
    ? ok(subject, `${folder} can be written`)
    : warn(subject, `${folder} can be written by others`, `chmod go-w ${folder}`);
}

function checkRoom(folder: string): readonly Check[] {
  if (!existsSync(folder)) return [];
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  return free >= ENOUGH_BYTES
    ? []
    : [
        warn(
          "disk",
          `${Math.round(free / 1024 / 1024)} MiB are left below ${folder}`,
          "make room: a full disk loses handoffs",
        ),
      ];
}

function checkInotify(watch: Config["watch"]): readonly Check[] {
  if (watch === "poll") return [ok("watch", "files are looked at now and then (poll)")];
  const watches = readLimit("max_user_watches");
  const instances = readLimit("max_user_instances");
  if (watches === null || instances === null) return [];
  return watches >= ENOUGH_WATCHES && instances >= ENOUGH_INSTANCES
    ? [ok("inotify", `${watches} watches, ${instances} instances`)]
    : [
        warn(
          "inotify",
          `only ${watches} watches and ${instances} instances`,
          `sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512, or set "watch": "poll"`,
        ),
      ];
}

function readLimit(name: string): number | null {
  try {
    return Number(readFileSync(`/proc/sys/fs/inotify/${name}`, "utf8"));
  } catch {
    return null;
  }
}
