import { describe, expect, it } from "vitest";
import { Simulation, approval } from "../simulation.ts";
import { approve, flowOf, forEach, loop, run } from "../written-flow.ts";

const cancel = { kind: "cancel", by: "ann", reason: "enough" } as const;
const failed = {
  end: "failed",
  failure: { code: "command_failed", message: "no", hint: "" },
  output: {},
  usage: null,
  isRetryable: true,
} as const;

describe("canceling a flow run", () => {
  it("ends everything at once but what runs", () => {
    const steps = [
      run("ready"),
      run("retrying", { retry: { attempts: 2, baseMs: 1, maxMs: 1 } }),
      run("running"),
      approve("waiting"),
      run("undecided", { recovery: "ask" }),
      loop("open", [run("inside")]),
      run("later", { needs: ["ready"] }),
      run("done"),
    ];
    const flow = new Simulation(flowOf(steps));
    flow.done("done");
    flow.fails("retrying", "busy", true);
    flow.claim("running");
    flow.waits("waiting", approval);
    flow.claim("undecided");
    flow.recover("undecided");
    expect(flow.signal(cancel)).toEqual({ kind: "taken" });
    expect(flow.tree.cancel).toEqual({ by: "ann", reason: "enough" });
    expect(flow.keys("canceled")).toEqual([
      "ready",
      "retrying",
      "waiting",
      "undecided",
      "open",
      "open.1.inside",
    ]);
    expect(flow.state("later", "skipped").because).toBe("the flow run is canceled");
    expect(flow.end).toBeNull();
    flow.finish("running", { end: "canceled" });
    expect(flow.status("running")).toBe("canceled");
    expect(flow.end).toEqual({ status: "canceled", by: "ann", reason: "enough" });
    expect(flow.happenings.at(-1)).toEqual({ type: "flow_ended", end: flow.end });
  });

  it("takes the end of a step that came before it could be stopped, and begins it never again", () => {
    const steps = [run("a"), run("b", { retry: { attempts: 9, baseMs: 1, maxMs: 1 } })];
    const flow = new Simulation(flowOf(steps));
    flow.claim("a");
    flow.claim("b");
    flow.signal(cancel);
    flow.finish("a", { end: "done", output: {}, usage: null });
    flow.finish("b", failed);
    expect(flow.keys("done")).toEqual(["a"]);
    expect(flow.keys("failed")).toEqual(["b"]);
    expect(flow.end?.status).toBe("canceled");
  });

  it("leaves a worker's death behind", () => {
    const flow = new Simulation(flowOf([run("a"), run("b", { recovery: "ask" })]));
    flow.claim("a");
    flow.claim("b");
    flow.signal(cancel);
    flow.recover("a");
    flow.recover("b");
    expect(flow.keys("canceled")).toEqual(["a", "b"]);
    expect(flow.end?.status).toBe("canceled");
  });

  it("lets a for-each begin no further item", () => {
    const flow = new Simulation(flowOf([forEach("f", [run("a")], { limit: 1 })]), {
      inputs: { items: [1, 2] },
    });
    flow.claim("f.1.a");
    flow.signal(cancel);
    flow.finish("f.1.a", { end: "done", output: {}, usage: null });
    expect(flow.status("f.2.a")).toBeNull();
    expect(flow.status("f")).toBe("canceled");
  });

  it("counts once", () => {
    const flow = new Simulation(flowOf([run("a")]));
    flow.claim("a");
    flow.signal(cancel);
    const already = { kind: "already", message: "the flow run is canceled already, by ann" };
    expect(flow.signal({ ...cancel, by: "bob" })).toEqual(already);
    flow.finish("a", { end: "canceled" });
    expect(flow.signal({ ...cancel, by: "bob" })).toEqual(already);
  });

  it("comes too late after another end", () => {
    const flow = new Simulation(flowOf([run("a")]));
    flow.done("a");
    expect(flow.signal(cancel)).toMatchObject({
      kind: "refused",
      message: "the flow run has ended already: complete",
    });
  });
});
