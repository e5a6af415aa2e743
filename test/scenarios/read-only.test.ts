import { existsSync } from "node:fs";
import { describe } from "vitest";
import { runWithLibrary, writeLibraryProgram } from "../rig/library.ts";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";

/** An agent that tries to write, and says how that went. */
const writer = `
import { appendFileSync } from "node:fs";
try {
  appendFileSync("written", "by the agent\\n");
  console.log("it wrote");
} catch (error) {
  console.log("it could not write: " + error.code);
}`;

const command = [process.execPath, "agent.mjs"];
/** The system's own lock, which the agent can't open from within. */
const planCommand = [process.execPath, "--permission", "--allow-fs-read=*", "agent.mjs"];

async function projectWith(
  newRig: () => Promise<Rig>,
  agents: Readonly<Record<string, object>>,
  more: object = {},
): Promise<Rig> {
  const rig = await newRig();
  rig.write("agent.mjs", writer);
  rig.writeConfig({ agents, retry: { baseMs: 20, maxMs: 40 }, ...more });
  return rig;
}

const coder = { command, planCommand, handoff: "stdout" };

describe("a run that only reads", () => {
  scenario(
    "has the agent that can only read, though it is configured to write",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, { coder });
      const { told } = await runWithLibrary(
        rig,
        `tell([
           await delegate({ agent: "coder", task: "look", runId: "r", mode: "plan" }),
           await delegate({ agent: "coder", task: "look", runId: "r", mode: "plan" }),
           await delegate({ agent: "coder", task: "look", runId: "r" }),
         ]);`,
      );
      expect(told).toMatchObject([
        { status: "complete", result: "it could not write: ERR_ACCESS_DENIED" },
        { status: "complete", result: "it could not write: ERR_ACCESS_DENIED" },
        { error: { code: "run_conflict", message: expect.stringContaining("another mode") } },
      ]);
      expect(existsSync(`${rig.folder}/written`)).toBe(false);
      expect(JSON.parse(rig.read("handoffs/r/request.json"))).toMatchObject({ mode: "plan" });
      expect((await rig.jsonInside(["coder", "go on"])).document).toMatchObject({
        result: "it wrote",
      });
    },
  );

  scenario(
    "is refused before anything is sent when the agent can't be held to it",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, {
        open: { command, handoff: "stdout" },
        preset: { preset: "gemini" },
        far: { url: "http://127.0.0.1:9" },
      });
      const { told } = await runWithLibrary(
        rig,
        `const ask = (agent) => delegate({ agent, task: "look", runId: agent, mode: "plan" });
         tell(await Promise.all(["open", "preset", "far"].map(ask)));`,
      );
      const refused = { status: "error", error: { code: "config_invalid" } };
      expect(told).toMatchObject([refused, refused, refused]);
      expect(existsSync(`${rig.folder}/written`)).toBe(false);
      expect(existsSync(rig.handoffDir)).toBe(false);
    },
  );

  scenario("can be asked for at the command line", async ({ newRig, expect }) => {
    const rig = await projectWith(newRig, { coder, open: { command, handoff: "stdout" } });
    const words = ["coder", "look", "--mode", "plan"];
    expect((await rig.jsonInside(words)).document).toMatchObject({
      result: "it could not write: ERR_ACCESS_DENIED",
    });
    const plan = await rig.inside([...words, "--dry-run", "--format", "text"]);
    expect(plan.stdout).toContain("- Only read.");
    const refused = await rig.jsonInside(["open", "look", "--mode", "plan"]);
    expect([refused.exitCode, refused.document.error?.code]).toEqual([2, "config_invalid"]);
    for (const word of ["write", "read-only", ""])
      expect((await rig.inside(["coder", "look", "--mode", word])).exitCode).toBe(2);
    expect(existsSync(`${rig.folder}/written`)).toBe(false);
  });

  scenario("goes to a gateway whose agent is said to only read", async ({ newRig, expect }) => {
    const rig = await newRig({}, { mode: "plan" });
    const { told } = await runWithLibrary(
      rig,
      `tell(await delegate({ agent: "worker", task: "look", mode: "plan" }));`,
    );
    expect(told).toMatchObject({ status: "complete" });
    expect(rig.gateway.requests).toContain("POST /hooks/agent");
    expect(rig.gateway.sent[0]?.body["message"]).toContain("- Only read.");
  });

  scenario("stays so in a later attempt that another process makes", async ({ newRig, expect }) => {
    const rig = await projectWith(
      newRig,
      {
        coder: {
          command,
          planCommand: [
            "sh",
            "-c",
            `test -e "$1/r/attempt-1.json" && exec "$0" --permission '--allow-fs-read=*' agent.mjs; exit 1`,
            process.execPath,
            "{handoffDir}",
          ],
          handoff: "stdout",
        },
      },
      { retry: { baseMs: 60_000, maxMs: 60_000 } },
    );
    const path = writeLibraryProgram(
      rig,
      `delegate({ agent: "coder", task: "look", runId: "r", mode: "plan", attempts: 2 });`,
    );
    const killed = rig.runProgram(process.execPath, [path]);
    await rig.hasHappened("r", "retry_scheduled");
    const { createdBy }: { createdBy: { pid: number } } = JSON.parse(
      rig.read("handoffs/r/request.json"),
    );
    process.kill(createdBy.pid, "SIGKILL");
    await killed;
    const lines = rig
      .read("handoffs/r/events.jsonl")
      .replaceAll(/"dueAt":"[^"]+"/g, `"dueAt":"2026-01-01T00:00:00.000Z"`);
    rig.write("handoffs/r/events.jsonl", lines);
    const { document } = await rig.jsonInside(["wait", "r"]);
    expect(document).toMatchObject({
      attempts: 2,
      result: "it could not write: ERR_ACCESS_DENIED",
    });
    expect(existsSync(`${rig.folder}/written`)).toBe(false);
  });

  scenario(
    "is waited for no more when its agent has lost the read-only mode",
    async ({ newRig, expect }) => {
      const rig = await projectWith(newRig, {
        coder: { ...coder, planCommand: ["sleep", "300"] },
      });
      await runWithLibrary(
        rig,
        `tell(await delegate({ agent: "coder", task: "look", runId: "r", mode: "plan", wait: false }));`,
      );
      rig.writeConfig({ agents: { coder: { command, handoff: "stdout" } } });
      expect((await rig.jsonInside(["wait", "r"])).document).toMatchObject({
        error: { code: "config_invalid" },
      });
      expect(existsSync(`${rig.folder}/written`)).toBe(false);
    },
  );

  scenario("holds for all that is delegated from within it", async ({ newRig, expect }) => {
    const delegateFurther = ["sh", "-c", "delegate coder 'do it' --format text"];
    const rig = await projectWith(
      newRig,
      {
        coder,
        lead: { command: ["true"], planCommand: delegateFurther, handoff: "stdout" },
      },
      { acl: { lead: ["coder"] } },
    );
    const { told } = await runWithLibrary(
      rig,
      `tell(await delegate({ agent: "lead", task: "look", mode: "plan" }));`,
    );
    expect(told).toMatchObject({
      result: expect.stringContaining("it could not write: ERR_ACCESS_DENIED"),
    });
    expect(existsSync(`${rig.folder}/written`)).toBe(false);
  });
});
