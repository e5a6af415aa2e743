import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { isMailFileName, noteFileName } from "../../src/handoff/paths.ts";
import { createExclusively } from "../../src/system/create-exclusively.ts";
import { countWatches, openRig } from "./inbox-rig.ts";
import type { InboxRig } from "./inbox-rig.ts";
import { bytesOf, handoff } from "./samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

const whole = JSON.stringify(handoff());

/** Waits until another inbox has been told of one thing after the other: by then this one would have been told as well. */
async function othersAreTold(poll: boolean): Promise<void> {
  const other = await openRig(poll);
  for (const attempt of [1, 2, 3]) {
    writeFileSync(other.path(attempt), whole);
    await other.until(() => other.told.length === attempt);
  }
}

describe.each([
  ["notified", false],
  ["polling", true],
])("%s, an inbox tells", (_name, poll) => {
  test("a handoff that is there already", async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/attempt-2.json`, whole);
    const { told } = await openRig(poll, folder);
    expect(told).toMatchObject([{ attempt: 2, reading: { kind: "handoff" } }]);
  });

  test("a handoff that comes", async () => {
    const rig = await openRig(poll);
    writeFileSync(rig.path(3), whole);
    expect(await rig.verdict()).toMatchObject({ attempt: 3, reading: { kind: "handoff" } });
  });

  test("one that is empty first", async () => {
    const rig = await openRig(poll);
    writeFileSync(rig.path(), "");
    await rig.until(() => rig.told.length > 0);
    writeFileSync(rig.path(), whole);
    expect((await rig.verdict()).reading.kind).toBe("handoff");
  });

  test("one that is put in place by renaming, and one that replaces it", async () => {
    const rig = await openRig(poll);
    writeFileSync(`${rig.folder}/.tmp`, JSON.stringify({ status: "working", notes: "so far" }));
    renameSync(`${rig.folder}/.tmp`, rig.path());
    expect((await rig.verdict()).reading.kind).toBe("working");
    writeFileSync(`${rig.folder}/.tmp`, whole);
    renameSync(`${rig.folder}/.tmp`, rig.path());
    await rig.until(() => rig.told.some(({ reading }) => reading.kind === "handoff"));
  });

  test("a folder that is deleted, once", async () => {
    const rig = await openRig(poll);
    rmSync(rig.folder, { recursive: true });
    await rig.until(() => rig.timesGone() > 0);
    await othersAreTold(poll);
    expect(rig.timesGone()).toBe(1);
  });

  test("a folder that was never there", async () => {
    const rig = await openRig(poll, `${temporaryFolder()}/missing`);
    expect(rig.timesGone()).toBe(1);
  });

  test("nothing after it was closed", async () => {
    const rig = await openRig(poll);
    writeFileSync(rig.path(1), "{");
    await rig.until(() => rig.told.length > 0);
    rig.inbox.close();
    const count = rig.told.length;
    writeFileSync(rig.path(2), whole);
    rmSync(rig.folder, { recursive: true });
    await othersAreTold(poll);
    expect(rig.told).toHaveLength(count);
    expect(rig.timesGone()).toBe(0);
  });
});

function verdictsOf({ told }: InboxRig): InboxRig["told"] {
  return told.filter(({ reading }) => reading.kind !== "touched");
}

describe("writers that take their time", () => {
  test("a whole file is told at once: before one that stays unfinished", async () => {
    const rig = await openRig();
    writeFileSync(rig.path(1), whole.slice(0, 50));
    writeFileSync(rig.path(2), whole);
    await rig.until(() => verdictsOf(rig).length === 2);
    expect(verdictsOf(rig)).toMatchObject([
      { attempt: 2, reading: { kind: "handoff" } },
      { attempt: 1, reading: { kind: "rejected", code: "malformed" } },
    ]);
  });

  test("the second half is seen although it follows at once", async () => {
    const rig = await openRig();
    writeFileSync(rig.path(), whole.slice(0, 50));
    await sleep(10);
    appendFileSync(rig.path(), whole.slice(50));
    expect((await rig.verdict()).reading.kind).toBe("handoff");
  });

  test("byte by byte", async () => {
    const rig = await openRig();
    for (const byte of bytesOf(whole)) {
      appendFileSync(rig.path(), Buffer.of(byte));
      if (byte === 0x22) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await rig.verdict()).reading.kind).toBe("handoff");
  });

  test("what stays unfinished is malformed after a moment without change, and may still become whole", async () => {
    const rig = await openRig();
    writeFileSync(rig.path(1), whole.slice(0, 50));
    writeFileSync(rig.path(2), Buffer.from([0x7b, 0xff, 0x7d]));
    writeFileSync(rig.path(3), `Here it is:\n${whole}`);
    await rig.until(() => verdictsOf(rig).length === 3);
    for (const { reading } of verdictsOf(rig))
      expect(reading).toMatchObject({ kind: "rejected", code: "malformed" });
    writeFileSync(rig.path(), whole);
    await rig.until(() => verdictsOf(rig).at(-1)?.reading.kind === "handoff");
  });

  test("what is wrong but whole is turned down at once, and once", async () => {
    const rig = await openRig();
    writeFileSync(rig.path(), "{}");
    expect((await rig.verdict()).reading).toMatchObject({ kind: "rejected", code: "invalid" });
    utimesSync(rig.path(), 1, 1);
    await rig.until(() => rig.told.at(-1)?.reading.kind === "touched");
    expect(rig.told.filter((told) => told.reading.kind === "rejected")).toHaveLength(1);
  });

  test("other files of the run's folder are nobody's business", async () => {
    const rig = await openRig();
    for (const name of [
      "events.jsonl",
      "handoff.json",
      "attempt-1.md",
      "attempt-9.json",
      "attempt-01.json",
    ]) {
      writeFileSync(`${rig.folder}/${name}`, whole);
    }
    writeFileSync(rig.path(1), whole);
    await rig.verdict();
    expect(rig.told).toHaveLength(1);
  });
});

describe("odd things in the handoff's place are turned down, without a hang", () => {
  test.each<[string, string, (path: string) => void]>([
    ["a symbolic link", "a symbolic link", (path) => symlinkSync("/etc/passwd", path)],
    ["a FIFO", "a FIFO", (path) => execFileSync("mkfifo", [path])],
    ["a folder", "a folder", (path) => mkdirSync(path)],
    ["UTF-16", "UTF-16", (path) => writeFileSync(path, whole, "utf16le")],
    [
      "nested 200,000 deep",
      "64 levels",
      (path) => writeFileSync(path, `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`),
    ],
    [
      "64 MiB",
      "larger than 16 MiB",
      (path) => {
        writeFileSync(`${path}.tmp`, "");
        truncateSync(`${path}.tmp`, 64 * 1024 * 1024);
        renameSync(`${path}.tmp`, path);
      },
    ],
  ])("%s", async (_name, reason, make) => {
    const rig = await openRig();
    make(rig.path());
    const { reading } = await rig.verdict();
    expect(reading).toMatchObject({
      kind: "rejected",
      code: "malformed",
      problems: [{ at: "", message: expect.stringContaining(reason) }],
    });
    rmSync(rig.path(), { recursive: true });
    writeFileSync(rig.path(), `\uFEFF${whole}`);
    await rig.until(() => rig.told.some((told) => told.reading.kind === "handoff"));
    expect(rig.told.filter((told) => told.reading.kind === "rejected")).toHaveLength(1);
  });
});

describe("the last word", () => {
  test("is what the file says now", async () => {
    const rig = await openRig();
    expect(await rig.inbox.finalReading(1)).toBe(null);
    writeFileSync(rig.path(), whole);
    expect((await rig.inbox.finalReading(1))?.kind).toBe("handoff");
  });

  test("an unfinished file is malformed", async () => {
    const rig = await openRig();
    writeFileSync(rig.path(), "{");
    expect(await rig.inbox.finalReading(1)).toMatchObject({ kind: "rejected", code: "malformed" });
  });

  test("a file that is being written anew gets a moment", async () => {
    const rig = await openRig();
    writeFileSync(rig.path(), "");
    const reading = rig.inbox.finalReading(1);
    writeFileSync(rig.path(), whole);
    expect((await reading)?.kind).toBe("handoff");
  });
});

test("200 inboxes at once are all answered, and leave no watch behind", async () => {
  const before = countWatches();
  const rigs = await Promise.all(Array.from({ length: 200 }, () => openRig()));
  for (const rig of rigs) writeFileSync(rig.path(), whole);
  const verdicts = await Promise.all(rigs.map((rig) => rig.verdict()));
  expect(verdicts.every(({ reading }) => reading.kind === "handoff")).toBe(true);
  unlinkSync(rigs[0]?.path() ?? "");
  for (const rig of rigs) rig.inbox.close();
  expect(countWatches()).toBe(before);
});

describe("mail", () => {
  test.each([
    ["with notifications", false],
    ["by polling", true],
  ])(
    "that was there before is told at once, and what comes later as well, %s",
    async (_how, poll) => {
      const folder = temporaryFolder();
      const rig = await openRig(poll, folder);
      expect(rig.timesMail()).toBe(1);
      createExclusively(`${folder}/cancel.json`, "{}");
      await rig.until(() => rig.timesMail() > 1);
    },
  );

  test("in a folder below is told of by the note beside it, once it is there", async () => {
    const folder = temporaryFolder();
    mkdirSync(`${folder}/answers`);
    const rig = await openRig(false, folder);
    const before = rig.timesMail();
    const path = `${folder}/answers/q1.json`;
    createExclusively(path, "{}", `${folder}/${noteFileName("answers-q1.json", 1)}`);
    await rig.until(() => rig.timesMail() > before && existsSync(path));
    expect(readdirSync(folder)).toEqual(["answers"]);
  });

  test.each([
    ["cancel.json", true],
    [noteFileName("answers-q1.json", 1), true],
    ["events.jsonl", false],
    [".run.json.1.2.tmp", false],
    ["attempt-1.json", false],
    ["questions", false],
  ])("is told from what a run writes itself: %s", (name, isMail) => {
    expect(isMailFileName(name)).toBe(isMail);
  });
});

/** A namespace of its own, in which the system gives out as many inotify watches as the limit says. */
function withWatchLimit(limit: number, command: readonly string[]): string {
  const script = `echo ${limit} > /proc/sys/user/max_inotify_watches && exec "$@"`;
  return execFileSync("unshare", ["-Ur", "sh", "-c", script, "sh", ...command], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function canLimitWatches(): boolean {
  try {
    return withWatchLimit(1, ["echo", "yes"]) === "yes\n";
  } catch {
    return false;
  }
}

test.skipIf(!canLimitWatches())(
  "without a free inotify watch, handoffs are noticed all the same",
  () => {
    const script = `${import.meta.dirname}/fixtures/wait-for-handoff.ts`;
    const output = withWatchLimit(0, [process.execPath, script, temporaryFolder()]);
    expect(output).toBe("handoff\nhandoff\nhandoff\n");
  },
);
