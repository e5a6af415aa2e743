import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { describe, expect } from "vitest";
import { valueOf } from "../flows/conformance/rig.ts";
import { flowScenario } from "../flows/scenarios/project.ts";
import { openWith } from "./postgres-kind.ts";
import { newDatabase, store } from "./project-database.ts";
import { untilAsync } from "./until-async.ts";

/* Machines are projects here that share nothing but the Postgres. */

describe("several machines", () => {
  flowScenario(
    "goes from one machine to the other: each worker takes what its agents can do",
    async ({ newProject }) => {
      const lacking = { command: ["false"], handoff: "stdout" };
      const [starter, left, right] = await Promise.all([
        newProject({ store, agents: { coder: lacking, auditor: lacking } }),
        newProject({ store, agents: { coder: says("code-of-left") } }),
        newProject({ store, agents: { auditor: says("seen-on-right") } }),
      ]);
      const { address, options } = await newDatabase(starter);
      starter.writeFlow(
        "both",
        `
agents: { coder: coder, reviewer: auditor }
steps:
  code: { agent: coder, task: "write" }
  review: { agent: reviewer, needs: code, task: "look at \${{ steps.code.result }}" }
report: "\${{ steps.code.result }}, \${{ steps.review.result }}"
`,
      );
      const workers = [left, right].map(({ rig }) => rig.start(["worker"], options));
      const opened = valueOf(await openWith(address));
      await untilAsync(async () => valueOf(await opened.hasWorker(null)), "a worker");
      await starter.run(["run", "both", "--run-id", "r", "--detach"], options);
      const { exitCode, document } = await starter.json(["wait", "r"], options);
      expect(document).toMatchObject({ status: "complete", report: "code-of-left, seen-on-right" });
      expect(exitCode).toBe(0);
      expect(existsSync(`${left.rig.handoffDir}/r.code.1.1/handoff.json`)).toBe(true);
      expect(existsSync(`${right.rig.handoffDir}/r.review.1.1/attempt-1.md`)).toBe(true);
      expect(right.rig.read("handoffs/r.review.1.1/attempt-1.md")).toContain("code-of-left");
      for (const { child } of workers) child.kill("SIGTERM");
      await opened.close();
    },
  );

  flowScenario(
    "an agent that is elsewhere hands over there, and the flow run that waits here has all of it",
    async ({ newProject }) => {
      const [here, there, third] = await Promise.all([
        newProject({ store: { ...store, agentsElsewhere: ["coder"] } }),
        newProject({
          store,
          agents: { coder: { command: ["sh", "./coder.sh"], handoff: "stdout" } },
        }),
        newProject({ store }),
      ]);
      const { options } = await newDatabase(here);
      const path = there.rig.write("plan.md", "the plan\n");
      const handoff = {
        status: "complete",
        result: "planned",
        confidence: "high",
        notes: "",
        data: { parts: [1, 2] },
        deliverable: { type: "document", title: "Plan", path, summary: "the plan" },
        artifacts: [{ path, summary: "the plan" }, { uri: "s3://team/plan.md" }],
      };
      there.rig.write("answer.json", JSON.stringify(handoff));
      there.rig.write("coder.sh", 'cat > /dev/null\ncat "$(dirname "$0")/answer.json"\n');
      here.writeFlow("plan", plan);
      const worker = there.rig.start(["worker"], options);
      const ended = await here.json(["run", "plan", "--run-id", "r", "--quiet"], options);
      const sha256 = createHash("sha256").update("the plan\n").digest("hex");
      const uri = `file://${hostname()}${path}`;
      const placed = { path, uri, bytes: 9, sha256 };
      const code = {
        status: "done",
        result: "planned",
        data: { parts: [1, 2] },
        deliverable: { title: "Plan", ...placed },
        artifacts: [placed, { uri: "s3://team/plan.md" }],
      };
      const report = `planned: 2 in ${uri}, ${sha256}`;
      expect(ended).toMatchObject({
        exitCode: 0,
        stderr: "",
        document: { report, steps: { code } },
      });
      expect(existsSync(`${here.rig.handoffDir}/r.code.1.1`)).toBe(false);
      const waited = await third.json(["wait", "r", "--quiet"], options);
      expect(waited).toMatchObject({ exitCode: 0, document: { report, steps: { code } } });
      const exported = await third.run(["export", "r", "--format", "json"], options);
      expect(exported.stdout).toContain(sha256);
      worker.child.kill("SIGTERM");
      await worker.end;
    },
  );
});

const plan = `
agents: { coder: coder }
steps:
  here: { run: "pwd" }
  code: { agent: coder, needs: here, task: "plan" }
report: "\${{ steps.code.result }}: \${{ size(steps.code.data.parts) }} in \${{ steps.code.artifacts[0].uri }}, \${{ steps.code.artifacts[0].sha256 }}"
`;

/** An agent that says a word. */
function says(word: string): object {
  return {
    command: ["sh", "-c", `cat > /dev/null; echo ${word}`],
    handoff: "stdout",
  };
}
