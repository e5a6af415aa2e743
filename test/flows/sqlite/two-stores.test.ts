import { readFileSync, statSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../src/flows/store/sqlite/open-database.ts";
import { temporaryFolder } from "../../rig/temporary-folder.ts";

/** The locks of this process on a file, as Linux lists them. */
function locksOn(path: string): readonly string[] {
  return readFileSync("/proc/locks", "utf8")
    .split("\n")
    .filter((line) => line.includes(` ${process.pid} `))
    .filter((line) => line.includes(`:${statSync(path).ino} `));
}

test.runIf(process.platform === "linux")(
  "a second store in the same process leaves the first its locks",
  () => {
    const path = `${temporaryFolder()}/handoffs/.flows/flows.sqlite`;
    for (let store = 0; store < 2; store++) {
      const opened = openDatabase(path, 1_000);
      if (!opened.ok) throw new Error(opened.failure.message);
      onTestFinished(() => opened.value.close());
      expect(locksOn(path)).toHaveLength(1);
    }
  },
);
