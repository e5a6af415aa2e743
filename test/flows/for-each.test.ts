import { describe, expect, it } from "vitest";
import { Simulation } from "./simulation.ts";
import { flowOf, forEach, loop, run } from "./written-flow.ts";

const items = (count: number) => ({
  inputs: { items: Array.from({ length: count }, (_, n) => n) },
});

describe("a for-each", () => {
  it("begins all items at once and is done when they are", () => {
    const steps = [
      forEach("each", [run("a", { command: ["${{ item }}", "${{ index }}"] })]),
      run("after", { needs: ["each"], command: ["${{ steps.each.items[1].steps.a.stdout }}"] }),
    ];
    const flow = new Simulation(flowOf(steps), { inputs: { items: ["x", "y"] } });
    expect(flow.keys("ready")).toEqual(["each.1.a", "each.2.a"]);
    expect(flow.work("each.2.a", "run").command).toEqual(["y", "2"]);
    flow.done("each.2.a", { stdout: "of y" });
    flow.done("each.1.a", { stdout: "of x" });
    expect(flow.state("each", "done").output).toEqual({
      count: 2,
      failed: 0,
      items: [
        { item: "x", status: "done" },
        { item: "y", status: "done" },
      ],
    });
    expect(flow.work("after", "run").command).toEqual(["of y"]);
  });

  it("is done at once when there is nothing", () => {
    const flow = new Simulation(flowOf([forEach("each", [run("a")])]), items(0));
    expect(flow.state("each", "done").output).toEqual({ count: 0, failed: 0, items: [] });
    expect(flow.end).toEqual({ status: "complete" });
  });

  it("has no more items under way than its limit", () => {
    const inside = [run("a"), run("b", { needs: ["a"] })];
    const flow = new Simulation(flowOf([forEach("each", inside, { limit: 2 })]), items(4));
    expect(flow.keys("ready")).toEqual(["each.1.a", "each.2.a"]);
    flow.done("each.2.a");
    expect(flow.keys("ready")).toEqual(["each.1.a", "each.2.b"]);
    flow.done("each.2.b");
    expect(flow.keys("ready")).toEqual(["each.1.a", "each.3.a"]);
  });

  it("calls the item as the file wants", () => {
    const inside = [run("a", { command: ["${{ file }}"] })];
    const flow = new Simulation(flowOf([forEach("each", inside, { as: "file" })]), items(1));
    expect(flow.work("each.1.a", "run").command).toEqual(["0"]);
  });

  it("sees the items of the for-each around it, and the iteration of a loop", () => {
    const innermost = run("a", {
      command: ["${{ outer }}${{ inner }}${{ index }}${{ iteration }}"],
    });
    const inner = forEach("in", [innermost], { items: "[7]", as: "inner" });
    const steps = [forEach("out", [loop("l", [inner])], { items: "[5, 6]", as: "outer" })];
    const flow = new Simulation(flowOf(steps));
    expect(flow.work("out.2.l.1.in.1.a", "run").command).toEqual(["6711"]);
  });

  it("goes through items that are skipped without ever waiting", () => {
    const inside = [run("a", { when: "item > 2" })];
    const flow = new Simulation(flowOf([forEach("each", inside, { limit: 1 })]), items(5));
    expect(flow.keys("ready")).toEqual(["each.4.a"]);
  });

  it("fails when its list is none", () => {
    const flow = new Simulation(flowOf([forEach("each", [run("a")])]), { inputs: { items: 3 } });
    expect(flow.state("each", "failed").failure.message).toContain("not a list");
    const other = new Simulation(flowOf([forEach("each", [run("a")])]));
    expect(other.state("each", "failed").failure.code).toBe("expression_failed");
    expect(other.end).toMatchObject({ key: "each" });
  });
});

describe("waves", () => {
  it("go one after the other, the smallest number first", () => {
    const each = forEach("each", [run("a")], { items: "[2, 1, 2, 1]", order: "item" });
    const flow = new Simulation(flowOf([each]));
    expect(flow.keys("ready")).toEqual(["each.2.a", "each.4.a"]);
    flow.done("each.4.a");
    expect(flow.keys("ready")).toEqual(["each.2.a"]);
    flow.done("each.2.a");
    expect(flow.keys("ready")).toEqual(["each.1.a", "each.3.a"]);
  });

  it("respect the limit too", () => {
    const each = forEach("each", [run("a")], { items: "[2, 1, 1]", order: "item", limit: 1 });
    const flow = new Simulation(flowOf([each]));
    flow.done("each.2.a");
    expect(flow.keys("ready")).toEqual(["each.3.a"]);
    flow.done("each.3.a");
    expect(flow.keys("ready")).toEqual(["each.1.a"]);
    flow.done("each.1.a");
    expect(flow.end).toEqual({ status: "complete" });
  });

  it("see the item and its index", () => {
    const each = forEach("each", [run("a")], { items: '["x", "y"]', order: "0 - index" });
    expect(new Simulation(flowOf([each])).keys("ready")).toEqual(["each.2.a"]);
  });

  it("need a number of each item", () => {
    for (const order of ['"first"', "item.nothing"]) {
      const each = forEach("each", [run("a")], { items: "[1]", order });
      const flow = new Simulation(flowOf([each]));
      expect(flow.state("each", "failed").failure.message).toContain('in "order"');
    }
  });
});

describe("an item that fails", () => {
  it("lets those under way come to their end, and no other begin", () => {
    const inside = [run("a"), run("b", { needs: ["a"] })];
    const flow = new Simulation(flowOf([forEach("each", inside, { limit: 2 })]), items(3));
    flow.fails("each.2.a", "broken");
    expect(flow.status("each.2.b")).toBe("skipped");
    flow.done("each.1.a");
    flow.done("each.1.b");
    const { failure, output } = flow.state("each", "failed");
    expect(failure.message).toBe('"a" failed for item 2: broken');
    expect(output).toMatchObject({ count: 3, failed: 1 });
    expect(output["items"]).toMatchObject([
      { status: "done" },
      { status: "failed" },
      { status: "skipped" },
    ]);
    expect(flow.end).toMatchObject({ key: "each.2.a", failure: { code: "command_failed" } });
  });

  it("stops an item that begins only to fail at once", () => {
    const inside = [run("a", { command: ["${{ item.x }}"] })];
    const flow = new Simulation(flowOf([forEach("each", inside)]), items(3));
    expect(flow.state("each", "failed").output).toMatchObject({ count: 3, failed: 1 });
  });

  it("does not count as failed when the flow goes on with its steps, which say it themselves", () => {
    const inside = [run("a", { onFailure: "continue" })];
    const after = run("after", {
      needs: ["each"],
      command: ["${{ steps.each.items.map(i, i.steps.a.status) }}"],
    });
    const flow = new Simulation(flowOf([forEach("each", inside), after]), items(2));
    flow.fails("each.1.a");
    flow.done("each.2.a");
    expect(flow.state("each", "done").output).toMatchObject({
      count: 2,
      failed: 0,
      items: [{ status: "done" }, { status: "done" }],
    });
    expect(flow.work("after", "run").command).toEqual(['["failed","done"]']);
  });

  it("counts as failed when a list in it goes on, but another step does not", () => {
    const list = forEach("list", [run("a")], { items: "[1]", onFailure: "continue" });
    const flow = new Simulation(
      flowOf([forEach("each", [list, run("b", { needs: ["list"] })], { onFailure: "continue" })]),
      items(2),
    );
    flow.fails("each.1.list.1.a");
    flow.fails("each.2.list.1.a");
    flow.done("each.1.b");
    flow.fails("each.2.b");
    expect(flow.state("each", "failed").output).toMatchObject({
      failed: 1,
      items: [{ status: "done" }, { status: "failed" }],
    });
  });
});

describe("ten thousand items", () => {
  it("come to their end", () => {
    const each = forEach("each", [run("a")], { limit: 8 });
    const flow = new Simulation(flowOf([each]), items(10_000), false);
    for (let number = 1; number <= 10_000; number += 1) flow.done(`each.${number}.a`);
    expect(flow.end).toEqual({ status: "complete" });
    expect(flow.state("each", "done").output).toMatchObject({ count: 10_000, failed: 0 });
  });

  it("may all be under way at once, and be stopped", () => {
    const flow = new Simulation(flowOf([forEach("each", [run("a")])]), items(10_000), false);
    expect(flow.tree.root.standing.active).toBe(10_000);
    flow.claim("each.1.a");
    flow.signal({ kind: "cancel", by: "ann", reason: null });
    expect(flow.tree.root.standing.active).toBe(1);
    flow.finish("each.1.a", { end: "canceled" });
    expect(flow.end?.status).toBe("canceled");
  });
});
