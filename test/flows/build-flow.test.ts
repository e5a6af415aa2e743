import { describe, expect, it } from "vitest";
import { completeInputs } from "../../src/flows/inputs/complete-inputs.ts";
import { loadFlow } from "../../src/flows/file/load-flow.ts";
import type { Flow } from "../../src/flows/flow.ts";
import { reportOf } from "../../src/flows/report.ts";
import { Simulation, approval, approvedBy, evaluator } from "./simulation.ts";

async function loadBuild(): Promise<Flow> {
  const loaded = await loadFlow("flows/build.yaml", { flowsDir: null, packageDir: "." });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.flow;
}

const verdict = (approved: boolean) => ({
  data: { approved, summary: approved ? "sound" : "not yet", critiques: [], points: [] },
});

/** The coder's turn, up to the check. */
function code(flow: Simulation, iteration: number): void {
  flow.done(`work.${iteration}.begin`, { exitCode: 0, stdout: "" });
  flow.done(`work.${iteration}.code`, {
    result: "written",
    data: { subject: "Add it", body: "As asked.", answers: [] },
  });
  flow.done(`work.${iteration}.stage`, { exitCode: 0, stdout: `tree${iteration}\n` });
  flow.done(`work.${iteration}.diff`, { exitCode: 0, stdout: "+it" });
}

describe("the built-in flow that builds", () => {
  it("goes back to the coder with the reason until all agree, then commits and reports", async () => {
    const written = await loadBuild();
    const inputs = completeInputs(written.inputs, { task: "Add it", verify: "make test" });
    const flow = new Simulation(written, { inputs });
    flow.done("start", { exitCode: 0, stdout: "base0\n" });

    code(flow, 1);
    flow.fails("work.1.verify", "exit code 2", false, {
      exitCode: 2,
      stdout: "1 test failed",
      stderr: "",
    });
    expect(flow.status("work.1.review")).toBe("skipped");
    flow.done("work.2.begin", { exitCode: 0, stdout: "" });
    const again = flow.work("work.2.code", "agent").task;
    expect(again).toContain("The line that checks it failed: exit code 2");
    expect(again).toContain("1 test failed");

    flow.done("work.2.code", { result: "", data: { subject: "Add it", body: "", answers: [] } });
    flow.done("work.2.stage", { exitCode: 0, stdout: "tree2\n" });
    flow.done("work.2.diff", { exitCode: 0, stdout: "+it" });
    flow.done("work.2.verify", { exitCode: 0, stdout: "ok", stderr: "" });
    expect(flow.work("work.2.review", "agent").mode).toBe("plan");
    flow.done("work.2.review", verdict(false));
    expect(flow.status("work.2.approval")).toBe("skipped");

    code(flow, 3);
    flow.done("work.3.verify", { exitCode: 0, stdout: "ok", stderr: "" });
    flow.done("work.3.review", verdict(true));
    flow.waits("work.3.approval", approval);
    flow.decide("work.3.approval", approvedBy("bob"));
    flow.done("work.3.approval", { approved: true, by: "bob", note: null });
    expect(flow.state("work", "done").output).toEqual({ iterations: 3, done: true });
    expect(Object.values(flow.work("commit", "run").env)).toEqual(
      expect.arrayContaining(["base0", "tree3", "Add it", "As asked."]),
    );
    flow.done("commit", { exitCode: 0, stdout: "c0ffee\n" });
    expect(flow.end).toEqual({ status: "complete" });
    const report = reportOf(flow.tree, evaluator);
    expect(report.ok && report.value).toContain("Committed as `c0ffee` after 3 iterations.");
  });
});
