import { describe, expect, it } from "vitest";
import { agentRunIdOf } from "../../src/flows/tasks/agent-run-id.ts";
import { agent, flowOf, forEach, loop, subflow } from "./written-flow.ts";

const name = (letter: string) => letter.repeat(60);

describe("the run id of an agent step", () => {
  const inner = flowOf([agent("code"), loop("again", [agent("more")])]);
  const steps = [
    agent("plan"),
    loop("work", [agent("code"), subflow("sub", inner)]),
    forEach("files", [loop("fix", [agent("lint")])]),
  ];
  const flow = flowOf(steps);
  const idOf = (key: string, attempt = 1) => agentRunIdOf(flow, "01abc", key, attempt);

  it("names the step, its iteration and its attempt", () => {
    expect(idOf("plan")).toBe("01abc.plan.1.1");
    expect(idOf("work.2.code", 3)).toBe("01abc.code.2.3");
    expect(idOf("files.13.fix.2.lint")).toBe("01abc.lint.13-2.1");
  });

  it("names the subflows around it", () => {
    expect(idOf("work.2.sub.1.code")).toBe("01abc.sub_code.2-1.1");
    expect(idOf("work.2.sub.1.again.4.more")).toBe("01abc.sub_more.2-1-4.1");
  });

  it("is never too long, and still tells steps apart", () => {
    const deep = flowOf([
      subflow(name("a"), flowOf([subflow(name("b"), flowOf([agent("x"), agent("y")]))])),
      agent(name("c").repeat(2)),
    ]);
    const keys = ["x", "y"].map((id) => `${name("a")}.1.${name("b")}.1.${id}`);
    const ids = [...keys, name("c").repeat(2)].map((key) => agentRunIdOf(deep, "01abc", key, 2));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^01abc\.[A-Za-z0-9._-]{100,122}\.1\.2$/);
  });
});
