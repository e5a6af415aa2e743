import { existsSync } from "node:fs";
import { describe } from "vitest";
import { runWithLibrary } from "../rig/library.ts";
import { scenario } from "../rig/scenario.ts";
import {
  admit,
  answerAtOnce,
  goodHandoff,
  sendJson,
  writeAsAgent,
} from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";

describe("the library", () => {
  scenario(
    "gives the same outcome as the command, and lets the program end by itself",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { told, stderr, exitCode } = await runWithLibrary(
        rig,
        `tell(await delegate({ agent: "worker", task: "do it", runId: "r" }));`,
      );
      expect(exitCode).toBe(0);
      expect(stderr).toBe("");
      expect(told).toEqual((await rig.jsonInside(["wait", "r"])).document);
    },
  );

  scenario(
    "tells every event, in order, to whom wants to hear of it",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { told } = await runWithLibrary(
        rig,
        `const events = []; await delegate({ agent: "worker", task: "do it", runId: "r", onEvent: (event) => events.push(event) }); tell({ events });`,
      );
      expect(told["events"]).toEqual(rig.events("r"));
    },
  );

  scenario(
    "wait: false leaves at once, and awaitRun gets the outcome",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        admit(response);
        setTimeout(() => writeAsAgent(call.handoffPath, goodHandoff(call)), 100);
      };
      const { told } = await runWithLibrary(
        rig,
        `const sent = await delegate({ agent: "worker", task: "do it", wait: false }); tell([sent, await awaitRun({ runId: sent.runId })]);`,
      );
      expect(told).toMatchObject([{ status: "sent", agent: "worker" }, { status: "complete" }]);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "an AbortSignal leaves the run, which can be waited for later",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const { told, exitCode } = await runWithLibrary(
        rig,
        `const stop = new AbortController();
       const onEvent = ({ type }) => { if (type === "attempt_admitted") stop.abort(); };
       tell(await delegate({ agent: "worker", task: "do it", runId: "r", signal: stop.signal, onEvent }));`,
      );
      expect(exitCode).toBe(0);
      expect(told).toMatchObject({ status: "error", runId: "r", error: { code: "interrupted" } });
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
    },
  );

  scenario("a signal that has fired already sends nothing", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { told } = await runWithLibrary(
      rig,
      `tell(await delegate({ agent: "worker", task: "do it", signal: AbortSignal.abort() }));`,
    );
    expect(told).toMatchObject({ error: { code: "interrupted" } });
    expect(rig.gateway.calls).toHaveLength(0);
  });

  scenario(
    "left in one place and waited for in another of the same process",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = async (call, response) => {
        admit(response);
        await until(() => existsSync(`${rig.folder}/early`), "the early answer");
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const { told } = await runWithLibrary(
        rig,
        `const left = await delegate({ agent: "worker", task: "do it", runId: "r", timeoutSeconds: 0.1 });
       const early = await awaitRun({ runId: "r" });
       process.getBuiltinModule("node:fs").writeFileSync("early", "");
       const late = await awaitRun({ runId: "r", signal: AbortSignal.timeout(10_000) });
       tell([left.status, early.status, late.status]);`,
      );
      expect(told).toEqual(["timeout", "timeout", "complete"]);
    },
  );

  scenario("expected failures are outcomes, not exceptions", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => sendJson(response, 401, { error: "no" });
    const { told } = await runWithLibrary(
      rig,
      `const outcomes = await Promise.all([
         delegate({ agent: "worker", task: "do it" }),
         delegate({ agent: "wroker", task: "do it" }),
         delegate({ agent: "worker", task: " " }),
         delegate({ agent: "worker", task: "do it", runId: "../up" }),
         delegate({ agent: "worker", task: "do it", caller: "worker" }),
         delegate({ agent: "worker", task: "do it", schema: { type: 7 } }),
         delegate({ agent: "worker", task: "do it", config: "nowhere.json" }),
         awaitRun({ runId: "unknown" }),
       ]);
       tell(outcomes.map(({ error }) => error.code));`,
    );
    expect(told).toEqual([
      "unauthorized",
      "agent_unknown",
      "usage",
      "usage",
      "acl_denied",
      "usage",
      "config_invalid",
      "run_unknown",
    ]);
  });

  scenario("options of the wrong kind are refused as outcomes", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { told } = await runWithLibrary(
      rig,
      `const ask = { agent: "worker", task: "do it" };
       const outcomes = await Promise.all([
         { ...ask, timeoutSeconds: Number.NaN }, { ...ask, timeoutSeconds: -1 }, { ...ask, timeoutSeconds: Infinity }, { ...ask, deadlineSeconds: 0 }, { ...ask, attempts: 0 }, { ...ask, attempts: 1.5 }, { ...ask, attempts: Number.NaN }, { ...ask, retries: 2 },
       ].map((options) => delegate(options)));
       tell(outcomes.map(({ error }) => error?.code ?? "none"));`,
    );
    expect(told).toEqual(Array.from({ length: 8 }, () => "usage"));
    expect(rig.gateway.calls).toHaveLength(0);
  });

  scenario(
    "--schema as an object: wrong data is invalid, right data is there",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = answerAtOnce({ data: { count: 2 } });
      const { told } = await runWithLibrary(
        rig,
        `const schema = (type) => ({ type: "object", required: ["count"], properties: { count: { type } } });
       const right = await delegate({ agent: "worker", task: "do it", schema: schema("integer") });
       const wrong = await delegate({ agent: "worker", task: "do it", schema: schema("string") });
       tell([right.data, wrong.error.code, wrong.error.problems[0].at]);`,
      );
      expect(told).toEqual([{ count: 2 }, "invalid", "/data/count"]);
    },
  );

  scenario(
    "100 runs at once in one process, with one signal for all: all answered, nothing left open, no warning",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { told, stderr, exitCode } = await runWithLibrary(
        rig,
        `const { signal } = new AbortController();
       const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => delegate({ agent: "worker", task: "task " + index, signal })));
       const open = () => process.getActiveResourcesInfo().filter((kind) => /FSEvent|TCPSocket|Timeout/.test(kind));
       for (let looks = 0; looks < 200 && open().length > 0; looks += 1) await new Promise((resolve) => setImmediate(resolve));
       tell({ complete: outcomes.filter(({ status }) => status === "complete").length, ids: new Set(outcomes.map(({ runId }) => runId)).size, open: open() });`,
      );
      expect(exitCode).toBe(0);
      expect(stderr).toBe("");
      expect(told).toEqual({ complete: 100, ids: 100, open: [] });
      expect(rig.gateway.sent).toHaveLength(100);
    },
  );

  scenario(
    "the same run id many times at once in one process: sent once, all answered alike",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { told } = await runWithLibrary(
        rig,
        `const outcomes = await Promise.all(Array.from({ length: 20 }, () => delegate({ agent: "worker", task: "do it", runId: "r" })));
       tell({ different: new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size, status: outcomes[0].status });`,
      );
      expect(told).toEqual({ different: 1, status: "complete" });
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );
});
