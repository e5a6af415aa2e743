import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { isGone, readHandoffFile, stampOf } from "../../src/handoff/read.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

describe("what lies in a handoff's place", () => {
  test("nothing, also when its folder is missing or a file", () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/file`, "");
    for (const name of ["a.json", "no/a.json", "file/a.json"]) {
      expect(readHandoffFile(`${folder}/${name}`)).toEqual({ kind: "absent" });
    }
    expect(stampOf(`${folder}/a.json`)).toBe(null);
  });

  test("a file is read whole", () => {
    const path = `${temporaryFolder()}/a.json`;
    writeFileSync(path, "{}");
    const file = readHandoffFile(path);
    expect(file).toMatchObject({ kind: "read", bytes: Buffer.from("{}"), stamp: stampOf(path) });
  });

  test("a file that has grown has another stamp", () => {
    const path = `${temporaryFolder()}/a.json`;
    writeFileSync(path, "{}");
    const before = stampOf(path);
    writeFileSync(path, "{ }");
    expect(stampOf(path)).not.toBe(before);
  });

  test.each<[string, (path: string) => void]>([
    ["a symbolic link", (path) => symlinkSync("/etc/hosts", path)],
    ["a symbolic link", (path) => symlinkSync("/does/not/exist", path)],
    ["a folder", (path) => mkdirSync(path)],
    ["a FIFO", (path) => execFileSync("mkfifo", [path])],
  ])("%s is refused", (kind, make) => {
    const path = `${temporaryFolder()}/a.json`;
    make(path);
    expect(readHandoffFile(path)).toMatchObject({
      kind: "refused",
      mayPass: false,
      reason: `there is ${kind} in the handoff's place; write a regular file`,
    });
  });

  test("a socket is refused", async () => {
    const path = `${temporaryFolder()}/a.json`;
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(readHandoffFile(path)).toMatchObject({ kind: "refused", mayPass: false });
    await new Promise((resolve) => server.close(resolve));
  });

  test("a device is refused", () => {
    expect(readHandoffFile("/dev/zero")).toMatchObject({
      reason: "there is a device in the handoff's place; write a regular file",
    });
  });

  test("a file of 64 MiB is refused without being read", () => {
    const path = `${temporaryFolder()}/a.json`;
    writeFileSync(path, "");
    truncateSync(path, 64 * 1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    expect(readHandoffFile(path)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("the file is larger than 16 MiB"),
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  test("the most bytes can be set", () => {
    const path = `${temporaryFolder()}/a.json`;
    writeFileSync(path, "12345");
    expect(readHandoffFile(path, 4)).toMatchObject({
      reason: expect.stringContaining("larger than 4 bytes"),
    });
    expect(readHandoffFile(path, 5).kind).toBe("read");
  });

  test.skipIf(process.getuid?.() === 0)("a file without read permission may get it yet", () => {
    const path = `${temporaryFolder()}/a.json`;
    writeFileSync(path, "{}");
    chmodSync(path, 0);
    expect(readHandoffFile(path)).toMatchObject({
      kind: "refused",
      mayPass: true,
      reason: expect.stringContaining("give it read permission"),
    });
  });

  test("a name that no system takes is refused", () => {
    expect(readHandoffFile(`/tmp/${"x".repeat(300)}`)).toMatchObject({
      kind: "refused",
      mayPass: true,
      reason: "the file can't be read (ENAMETOOLONG)",
    });
    expect(isGone(`/tmp/${"x".repeat(300)}`)).toBe(false);
    expect(stampOf(`/tmp/${"x".repeat(300)}`)).toBe(null);
  });
});
