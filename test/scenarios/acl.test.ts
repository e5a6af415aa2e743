import { describe } from "vitest";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";

const acl = {
  boss: ["worker", "second"],
  worker: ["second"],
  second: ["worker", "third"],
  third: ["fourth"],
};

/** Four agents behind one gateway, and who may call whom. */
async function teamOf(rig: Rig, more: object = {}): Promise<Rig> {
  const { origin } = rig.gateway;
  const agents = {
    worker: { url: origin },
    second: { url: origin },
    third: { url: origin },
    fourth: { url: origin },
  };
  rig.writeConfig({ agents, acl, ...more });
  return rig;
}

describe.concurrent("who may delegate to whom", () => {
  scenario(
    "a caller on the list may, and the run remembers who asked",
    async ({ newRig, expect }) => {
      const rig = await teamOf(await newRig());
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--caller", "boss"]);
      expect(exitCode).toBe(0);
      expect(rig.events(String(document.runId))[0]).toMatchObject({ caller: "boss" });
    },
  );

  const denials: readonly (readonly [
    what: string,
    words: readonly string[],
    rule: string,
    key: string,
  ])[] = [
    [
      "a caller that is not listed",
      ["worker", "--caller", "nobody"],
      "caller_not_listed",
      "acl.nobody",
    ],
    ["a target that is not listed", ["third", "--caller", "boss"], "target_not_listed", "acl.boss"],
    ["an agent itself", ["worker", "--caller", "worker"], "self_delegation", "acl"],
  ];
  for (const [what, [target = "", ...words], rule, key] of denials) {
    scenario(
      `${what} is denied: exit 4, with rule, config key and what to do`,
      async ({ newRig, expect }) => {
        const rig = await teamOf(await newRig());
        const { exitCode, document } = await rig.jsonInside([target, "do it", ...words]);
        expect(exitCode).toBe(4);
        expect(document).toMatchObject({
          status: "error",
          agent: target,
          error: { code: "acl_denied", retryable: false },
        });
        expect(document.error?.message).toContain(`(rule ${rule}, config key ${key})`);
        expect(document.error?.hint).not.toBe("");
        expect(rig.gateway.requests).toEqual([]);
      },
    );
  }

  scenario(
    "DELEGATE_CALLER says who delegates; --caller says it louder; an empty one says nothing",
    async ({ newRig, expect }) => {
      const rig = await teamOf(await newRig());
      const env = { DELEGATE_CALLER: "nobody" };
      expect((await rig.inside(["worker", "do it"], { env })).exitCode).toBe(4);
      expect((await rig.inside(["worker", "do it", "--caller", "boss"], { env })).exitCode).toBe(0);
      expect(
        (await rig.inside(["worker", "do it"], { env: { DELEGATE_CALLER: "" } })).exitCode,
      ).toBe(0);
    },
  );

  scenario("with requireCaller a person has to say who it is", async ({ newRig, expect }) => {
    const rig = await teamOf(await newRig(), { requireCaller: true });
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(4);
    expect(document.error?.hint).toContain("--caller");
  });
});

describe.concurrent("runs within runs", () => {
  scenario(
    "a chain goes as deep as maxDepth, and no agent comes twice",
    async ({ newRig, expect }) => {
      const rig = await teamOf(await newRig());
      const run = (agent: string, id: string, caller: string, parent: readonly string[]) =>
        rig.jsonInside([agent, "do it", "--run-id", id, "--caller", caller, ...parent]);
      expect((await run("worker", "one", "boss", [])).exitCode).toBe(0);
      expect((await run("second", "two", "worker", ["--parent", "one"])).exitCode).toBe(0);
      const cycle = await run("worker", "again", "second", ["--parent", "two"]);
      expect(cycle.exitCode).toBe(4);
      expect(cycle.document.error?.message).toContain(
        "worker → second → worker (rule cycle, config key acl)",
      );
      expect((await run("third", "three", "second", ["--parent", "two"])).exitCode).toBe(0);
      const deep = await run("fourth", "four", "third", ["--parent", "three"]);
      expect(deep.exitCode).toBe(4);
      expect(deep.document.error?.message).toContain(
        "4 runs deep, and 3 are allowed (rule too_deep, config key maxDepth)",
      );
      expect(rig.gateway.sent).toHaveLength(3);
    },
  );

  scenario(
    "DELEGATE_PARENT_RUN is the parent of whoever does not name one",
    async ({ newRig, expect }) => {
      const rig = await teamOf(await newRig());
      await rig.inside(["worker", "do it", "--run-id", "one", "--caller", "boss"]);
      const env = { DELEGATE_CALLER: "second", DELEGATE_PARENT_RUN: "one" };
      expect((await rig.inside(["worker", "do it"], { env })).exitCode).toBe(4);
      const { exitCode, document } = await rig.jsonInside(["third", "do it"], { env });
      expect(exitCode).toBe(0);
      expect(rig.events(String(document.runId))[0]).toMatchObject({
        caller: "second",
        parentRunId: "one",
      });
    },
  );

  scenario("a parent that nobody knows is refused", async ({ newRig, expect }) => {
    const rig = await teamOf(await newRig());
    const { exitCode, document } = await rig.jsonInside([
      "worker",
      "do it",
      "--caller",
      "boss",
      "--parent",
      "gone",
    ]);
    expect(exitCode).toBe(2);
    expect(document.error?.code).toBe("run_unknown");
    expect(document.error?.hint).toContain("--parent");
  });
});

describe.concurrent("delegate acl explain", () => {
  scenario("says allowed or denied, with rule, key and file", async ({ newRig, expect }) => {
    const rig = await teamOf(await newRig());
    const allowed = await rig.inside(["acl", "explain", "boss", "worker"]);
    expect(allowed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(allowed.stdout).toMatch(
      /^allowed: .*\nrule: listed\nconfig key: acl\.boss in \/.*delegate\.config\.json\n$/,
    );
    const denied = await rig.inside(["acl", "explain", "boss", "fourth"]);
    expect(denied.exitCode).toBe(4);
    expect(denied.stdout).toMatch(
      /^denied: boss may delegate to worker, second, not to fourth\nrule: target_not_listed\n[^]*to do: add "fourth"/,
    );
    const json = await rig.inside(["acl", "explain", "boss", "fourth", "--json"]);
    expect(json.exitCode).toBe(4);
    expect(JSON.parse(json.stdout)).toMatchObject({
      isAllowed: false,
      rule: "target_not_listed",
      configKey: "acl.boss",
    });
  });

  scenario("suggests the nearest target", async ({ newRig, expect }) => {
    const rig = await teamOf(await newRig());
    const { exitCode, stderr } = await rig.inside(["acl", "explain", "boss", "wroker"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("did you mean worker?");
  });
});
