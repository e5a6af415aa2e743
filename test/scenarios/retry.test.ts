import { readdirSync } from "node:fs";
import { describe } from "vitest";
import { lastRest } from "../rig/last-rest.ts";
import { scenario } from "../rig/scenario.ts";
import { SteeredClock } from "../rig/steered-clock.ts";
import { admit, goodHandoff, sendJson, writeAsAgent } from "../rig/steered-gateway.ts";

describe("a second attempt", () => {
  scenario(
    "tells the agent every single thing that was wrong with the first",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        admit(response);
        const wrong = {
          confidence: "sure",
          timestamp: "soon",
          deliverable: { type: "poem", summary: "" },
        };
        writeAsAgent(call.handoffPath, goodHandoff(call, call.number === 1 ? wrong : {}));
      };
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "do it",
        "--retries",
        "2",
        "--run-id",
        "r",
      ]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ status: "complete", attempts: 2 });
      const message = String(rig.gateway.sent[1]?.body["message"]);
      for (const place of [
        "/confidence",
        "/timestamp",
        "/deliverable/type",
        "/deliverable/summary",
      ])
        expect(message).toContain(place);
      expect(rig.read("handoffs/r/attempt-2.md")).toBe(message);
    },
  );

  scenario("has a handoff path and an idempotency key of its own", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (call, response) => {
      admit(response);
      writeAsAgent(
        call.handoffPath,
        goodHandoff(call, call.number === 1 ? { status: "nonsense" } : {}),
      );
    };
    await rig.jsonInside(["worker", "do it", "--retries", "2", "--run-id", "r"]);
    expect(rig.gateway.sent.map(({ handoffPath }) => handoffPath)).toEqual(
      [1, 2].map((attempt) => `${rig.handoffDir}/r/attempt-${attempt}.json`),
    );
    expect(rig.gateway.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["r.1", "r.2"]);
  });

  scenario("attempts and latencyMs are those of the whole run", async ({ newRig, expect }) => {
    const rig = await newRig({ retry: { baseMs: 300, maxMs: 300 } });
    rig.gateway.onHook = (call, response) => {
      if (call.number < 3) sendJson(response, 503, { ok: false, error: "busy" });
      else {
        admit(response);
        writeAsAgent(call.handoffPath, goodHandoff(call));
      }
    };
    const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"]);
    expect(exitCode).toBe(0);
    expect(document.attempts).toBe(3);
    const [created] = rig.events(String(document.runId));
    const { toMs } = lastRest(rig, document.runId);
    // The events' instants are cut to whole milliseconds.
    const restedMs = toMs - Date.parse(String(created?.["at"])) - 1;
    expect(document.latencyMs).toBeGreaterThanOrEqual(restedMs);
  });

  scenario("is not made when the deadline would pass before it", async ({ newRig, expect }) => {
    const rig = await newRig({ retry: { baseMs: 3_600_000, maxMs: 3_600_000 } });
    rig.gateway.onHook = (_call, response) => sendJson(response, 503, { ok: false, error: "busy" });
    const { exitCode, document } = await rig.jsonInside([
      "worker",
      "do it",
      "--retries",
      "3",
      "--deadline",
      "1200",
    ]);
    expect(exitCode).toBe(6);
    expect(document).toMatchObject({ attempts: 1, error: { code: "send_failed" } });
  });

  scenario("is cut off by the deadline", async ({ newRig, expect }) => {
    const rig = await newRig();
    const clock = new SteeredClock();
    rig.gateway.onHook = async (call, response) => {
      admit(response);
      await rig.hasHappened(call.runId, "attempt_admitted", call.number);
      clock.advance(2_000);
      if (call.number > 1) return;
      await rig.hasHappened(call.runId, "retry_scheduled");
      clock.advance(100);
    };
    const times = ["--timeout", "2", "--deadline", "3.5"];
    const words = ["worker", "do it", "--retries", "3", ...times];
    const { exitCode, document } = await rig.jsonInside(words, { clock });
    expect(exitCode).toBe(3);
    expect(document).toMatchObject({ attempts: 2, error: { code: "timeout" } });
    expect(document.error?.message).toContain("deadline of 3.5 s");
  });

  scenario("waits as long as the gateway asks, and no longer", async ({ newRig, expect }) => {
    const rig = await newRig({ retry: { baseMs: 3_600_000, maxMs: 3_600_000 } });
    const clock = new SteeredClock();
    rig.gateway.onHook = async (call, response) => {
      if (call.number === 1) {
        sendJson(response, 429, { ok: false, error: "slow down" }, { "retry-after": "1" });
        await rig.hasHappened(call.runId, "retry_scheduled");
        clock.advance(1_000);
        return;
      }
      admit(response);
      writeAsAgent(call.handoffPath, goodHandoff(call));
    };
    const words = ["worker", "do it", "--retries", "2"];
    const { exitCode, document } = await rig.jsonInside(words, { clock });
    expect(exitCode).toBe(0);
    const { fromMs, toMs } = lastRest(rig, document.runId);
    expect(toMs - fromMs).toBe(1_000);
  });

  scenario(
    "comes after a timeout, and the words of the first agent may still be the result",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        admit(response);
        if (call.number === 2) writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "do it",
        "--retries",
        "2",
        "--timeout",
        "0.2",
      ]);
      expect(exitCode).toBe(0);
      expect(document.attempts).toBe(2);
      expect(String(rig.gateway.sent[1]?.body["message"])).toContain(
        "handed nothing over within 0.2 s",
      );
    },
  );

  scenario("is never made for what the gateway won't take", async ({ newRig, expect }) => {
    for (const status of [400, 401, 413]) {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) =>
        sendJson(response, status, { ok: false, error: "no" });
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"]);
      expect(exitCode).toBe(6);
      expect(document.attempts).toBe(1);
      expect(rig.gateway.sent).toHaveLength(1);
    }
  });
});

describe("the story of a run", () => {
  scenario(
    "stands whole in its events and in the day's log, without a gap, and in run.json at a glance",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = async (call, response) => {
        admit(response);
        await rig.hasHappened("r", "attempt_admitted", call.number);
        writeAsAgent(
          call.handoffPath,
          goodHandoff(call, call.number === 1 ? { confidence: "x" } : {}),
        );
      };
      const { document } = await rig.jsonInside([
        "worker",
        "do\nit",
        "--retries",
        "3",
        "--run-id",
        "r",
        "--workflow-id",
        "w",
        "--step-id",
        "s",
      ]);
      expect(document).toMatchObject({ workflowRunId: "w", stepId: "s" });
      const events = rig.events("r");
      expect(events.map(({ type }) => type)).toEqual([
        "run_created",
        "attempt_started",
        "attempt_sending",
        "attempt_admitted",
        "attempt_failed",
        "retry_scheduled",
        "attempt_started",
        "attempt_sending",
        "attempt_admitted",
        "handoff_accepted",
        "run_ended",
      ]);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      const [day, ...otherDays] = readdirSync(`${rig.folder}/logs`).filter(
        (name) => !name.startsWith("."),
      );
      expect(otherDays).toEqual([]);
      expect(day).toMatch(/^\d{4}-\d\d-\d\d\.jsonl$/);
      expect(rig.read(`logs/${day}`)).toBe(rig.read("handoffs/r/events.jsonl"));
      expect(JSON.parse(rig.read("handoffs/r/run.json"))).toMatchObject({
        schema: "delegate.run.v1",
        runId: "r",
        task: "do it",
        phase: "ended",
        status: "complete",
        attempts: 2,
        workflowRunId: "w",
        stepId: "s",
      });
    },
  );
});
