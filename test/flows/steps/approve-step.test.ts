import { writeFileSync } from "node:fs";
import { describe } from "vitest";
import type { Decision, StepEnd, Waiting } from "../../../src/flows/work.ts";
import { approval } from "./rig.ts";
import { scenario } from "./scenario.ts";

type Approval = Extract<Waiting, { kind: "approval" }>;

function waitingOf(end: StepEnd): Approval {
  if (end.end !== "waiting" || end.waiting.kind !== "approval")
    throw new Error(JSON.stringify(end));
  return end.waiting;
}

function approved({ digest }: Approval): Decision {
  return { kind: "approved", by: "ben", note: "fine", digest };
}

const show = { line: 'cat "$DELEGATE_VALUE_1"', env: { DELEGATE_VALUE_1: "the diff" } };

describe("an approval", () => {
  scenario("waits, and then is there", async ({ newRig, expect }) => {
    const rig = await newRig();
    const work = approval({ requiredApprovers: ["ben"] });
    const waiting = waitingOf(await rig.carryOut(work));
    expect(waiting).toEqual({
      kind: "approval",
      message: "Commit it?",
      shown: null,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      requiredApprovers: ["ben"],
    });
    expect(await rig.carryOut(work, { decision: approved(waiting) })).toEqual({
      end: "done",
      output: { approved: true, by: "ben", note: "fine" },
      usage: null,
    });
  });

  scenario("shows what it is about, and counts only for that", async ({ newRig, expect }) => {
    const rig = await newRig();
    const file = `${rig.folder}/the diff`;
    writeFileSync(file, "+ one line\n");
    const work = approval({ show });
    const first = waitingOf(await rig.carryOut(work));
    expect(first.shown).toBe("+ one line\n");
    writeFileSync(file, "+ one line\n+ another\n");
    const second = waitingOf(await rig.carryOut(work, { decision: approved(first) }));
    expect(second.shown).toBe("+ one line\n+ another\n");
    expect(second.digest).not.toBe(first.digest);
    expect(await rig.carryOut(work, { decision: approved(second) })).toMatchObject({ end: "done" });
  });

  scenario("sees a change also behind what has room", async ({ newRig, expect }) => {
    const rig = await newRig();
    const file = `${rig.folder}/the diff`;
    writeFileSync(file, `${"é".repeat(100_000)}\n`);
    const work = approval({ show });
    const first = waitingOf(await rig.carryOut(work, { key: "approve" }));
    const stored = `${rig.project.handoffDir}/.flows/01abc/approve/stdout.txt`;
    expect(first.shown).toBe(`${"é".repeat(32_768)}\n[200001 bytes in all, in ${stored}]\n`);
    writeFileSync(file, `${"é".repeat(100_000)}!`);
    const decision = approved(first);
    const second = waitingOf(await rig.carryOut(work, { key: "approve", decision }));
    expect(second.shown).toBe(first.shown);
    expect(second.digest).not.toBe(first.digest);
  });

  scenario("is another one when the words are others", async ({ newRig, expect }) => {
    const rig = await newRig();
    const digests = await Promise.all(
      [approval(), approval({ message: "Push it?" })].map(async (work) =>
        waitingOf(await rig.carryOut(work)),
      ),
    );
    expect(new Set(digests.map(({ digest }) => digest)).size).toBe(2);
  });

  scenario("may be refused, without looking again", async ({ newRig, expect }) => {
    const rig = await newRig();
    const decision: Decision = { kind: "rejected", by: "ben", note: "no tests", digest: "x" };
    const work = approval({ show: { line: "touch looked", env: {} } });
    expect(await rig.carryOut(work, { decision })).toEqual({
      end: "failed",
      failure: {
        code: "rejected",
        message: "ben rejected it: no tests",
        hint: expect.stringContaining("delegate flow retry"),
      },
      output: { approved: false, by: "ben", note: "no tests" },
      usage: null,
      isRetryable: false,
    });
  });

  scenario("can't be asked for when there is nothing to show", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect(await rig.carryOut(approval({ show }))).toMatchObject({
      end: "failed",
      failure: { code: "command_failed", message: expect.stringContaining("No such file") },
    });
    const going = rig.start(rig.job(approval({ show: { line: "sleep 300", env: {} } })));
    going.stop("canceled");
    expect(await going.end).toEqual({ end: "canceled" });
  });
});
