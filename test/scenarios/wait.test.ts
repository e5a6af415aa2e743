import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe } from "vitest";
import type { Clock } from "../../src/clock.ts";
import { monotonicClock } from "../../src/system/monotonic-clock.ts";
import type { Rig } from "../rig/rig.ts";
import { documentOf } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, sendJson, writeAsAgent } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";
import { isUnderWay } from "../rig/is-under-way.ts";

/** A run whose process was killed while it waited for the agent. */
async function killedWhileWaiting(rig: Rig, more: readonly string[] = []): Promise<void> {
  rig.gateway.onHook = (_call, response) => admit(response);
  const running = rig.start(["worker", "do it", "--run-id", "r", ...more]);
  await rig.hasHappened("r", "attempt_admitted");
  running.child.kill("SIGKILL");
  await running.end;
}

/** What was to last for minutes is over by this clock. */
const inAnHour: Clock = { nowMs: () => monotonicClock.nowMs() + 3_600_000 };

function handOver(rig: Rig, more: object = {}, attempt = 1): void {
  writeAsAgent(`${rig.handoffDir}/r/attempt-${attempt}.json`, goodHandoff({ runId: "r" }, more));
}

/** Rewrites the events of a run. */
function editEvents(
  rig: Rig,
  edit: (event: Record<string, unknown>) => Record<string, unknown>,
): void {
  const lines = rig.events("r").map((event) => `${JSON.stringify(edit({ ...event }))}\n`);
  writeFileSync(`${rig.handoffDir}/r/events.jsonl`, lines.join(""));
}

/** As if a process on another host had begun the run, which can't be asked whether it is still there. */
function giveToAnotherHost(rig: Rig): void {
  const request: { createdBy: object } = JSON.parse(rig.read("handoffs/r/request.json"));
  const createdBy = { ...request.createdBy, host: "elsewhere.invalid" };
  writeFileSync(`${rig.handoffDir}/r/request.json`, JSON.stringify({ ...request, createdBy }));
}

function movedBy(years: number): (event: Record<string, unknown>) => Record<string, unknown> {
  const move = (text: unknown): string =>
    new Date(Date.parse(String(text)) + years * 365 * 86_400_000).toISOString();
  return (event) => ({
    ...event,
    at: move(event["at"]),
    ...("dueAt" in event ? { dueAt: move(event["dueAt"]) } : {}),
  });
}

describe("killed with kill -9 while waiting", () => {
  scenario(
    "wait gets what the agent had handed over meanwhile, and sends nothing again",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig);
      handOver(rig);
      const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({
        status: "complete",
        runId: "r",
        agent: "worker",
        attempts: 1,
      });
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario("two waits at once both get what comes later", async ({ newRig, expect }) => {
    const rig = await newRig();
    await killedWhileWaiting(rig);
    const waits = [rig.start(["wait", "r"]), rig.start(["wait", "r", "--timeout", "600"])];
    await rig.hasHappened("r", "driver_took_over");
    for (const wait of waits) await isUnderWay(wait);
    handOver(rig);
    const [first, second] = await Promise.all(waits.map(documentOf));
    expect(first?.exitCode).toBe(0);
    expect(second?.document).toEqual(first?.document);
    expect(rig.gateway.sent).toHaveLength(1);
    const seqs = rig.events("r").map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  scenario(
    "six waits at once: one takes over, and all hear the same",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig);
      handOver(rig);
      const ends = await Promise.all(Array.from({ length: 6 }, () => rig.json(["wait", "r"])));
      for (const { document } of ends) expect(document).toEqual(ends[0]?.document);
      const types = rig.events("r").map(({ type }) => type);
      expect(types.filter((type) => type === "driver_took_over")).toHaveLength(1);
      expect(types.filter((type) => type === "run_ended")).toHaveLength(1);
    },
  );

  scenario("the same --run-id goes on waiting, too", async ({ newRig, expect }) => {
    const rig = await newRig();
    await killedWhileWaiting(rig);
    handOver(rig);
    const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
    expect(exitCode).toBe(0);
    expect(document.status).toBe("complete");
    expect(rig.gateway.sent).toHaveLength(1);
  });

  scenario(
    "the one who takes over keeps to the time limit that was given, and makes the attempts that are left",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig, ["--timeout", "600", "--retries", "2"]);
      rig.gateway.onHook = (call, response) => {
        admit(response);
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const { exitCode, document } = await rig.jsonInside(["wait", "r"], { clock: inAnHour });
      expect(exitCode).toBe(0);
      expect(document.attempts).toBe(2);
      expect(rig.gateway.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["r.1", "r.2"]);
    },
  );

  scenario(
    "and the one who took over killed as well: the third gets it",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig);
      const second = rig.start(["wait", "r"]);
      await rig.hasHappened("r", "driver_took_over");
      const third = rig.start(["wait", "r"]);
      await isUnderWay(third);
      second.child.kill("SIGKILL");
      await until(
        () => rig.events("r").filter(({ type }) => type === "driver_took_over").length === 2,
        "a third driver",
      );
      handOver(rig);
      expect((await third.end).exitCode).toBe(0);
    },
  );

  scenario("a torn last line in events.jsonl is passed over", async ({ newRig, expect }) => {
    const rig = await newRig();
    await killedWhileWaiting(rig);
    appendFileSync(
      `${rig.handoffDir}/r/events.jsonl`,
      '{"seq":5,"at":"2026-01-01T00:00:00.000Z","runId":"r","ty',
    );
    handOver(rig);
    const { exitCode } = await rig.jsonInside(["wait", "r"]);
    expect(exitCode).toBe(0);
    const whole = readFileSync(`${rig.handoffDir}/r/events.jsonl`, "utf8")
      .split("\n")
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line));
    expect(whole.map(({ seq }) => seq)).toEqual(whole.map((_, index) => index + 1));
    expect((await rig.inside(["show", "r"])).exitCode).toBe(0);
  });

  scenario(
    "run.json gone or garbled: show, list and wait know the run all the same",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig);
      for (const spoil of [
        (path: string) => rmSync(path, { force: true }),
        (path: string) => writeFileSync(path, ""),
      ]) {
        spoil(`${rig.handoffDir}/r/run.json`);
        const shown = await rig.inside(["show", "r"]);
        expect(shown.exitCode).toBe(0);
        expect(shown.stdout).toContain("running (waiting)");
        const listed = await rig.inside(["list", "--json"]);
        expect(listed.exitCode).toBe(0);
        expect(listed.stdout).toContain('"runId": "r"');
      }
      handOver(rig);
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
      expect(JSON.parse(rig.read("handoffs/r/run.json"))).toMatchObject({ status: "complete" });
    },
  );
});

describe("a run that somebody else has", () => {
  scenario(
    "a driver's file that was torn by a power cut is as good as none",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig);
      writeFileSync(`${rig.handoffDir}/r/driver-2.json`, "");
      handOver(rig);
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
    },
  );

  scenario(
    "on another host, which may still be at it: followed, not taken over",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig);
      giveToAnotherHost(rig);
      const { exitCode, document } = await rig.jsonInside(["wait", "r", "--timeout", "0.3"]);
      expect(exitCode).toBe(3);
      expect(document.error?.message).toContain("the time to wait is over");
      expect(rig.events("r").map(({ type }) => type)).not.toContain("driver_took_over");
    },
  );

  scenario(
    "on another host, from which nothing was heard since it should have ended: taken over",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig);
      giveToAnotherHost(rig);
      editEvents(rig, movedBy(-1));
      handOver(rig);
      const { exitCode } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(0);
    },
  );
});

describe("killed with kill -9 before the task was with the agent", () => {
  scenario(
    "between creation and sending: the same --run-id sends it, once",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { onHealth } = rig.gateway;
      let wasAsked = false;
      rig.gateway.onHealth = () => {
        wasAsked = true;
      };
      const running = rig.start(["worker", "do it", "--run-id", "r"]);
      await until(() => wasAsked, "the question for its health");
      running.child.kill("SIGKILL");
      await running.end;
      expect(rig.gateway.sent).toHaveLength(0);
      rig.gateway.onHealth = onHealth;
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ status: "complete", attempts: 1 });
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "right after its folder was made: wait sends it, and its story has a beginning",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHealth = () => undefined;
      const running = rig.start(["worker", "do it", "--run-id", "r"]);
      await rig.hasHappened("r", "attempt_started");
      running.child.kill("SIGKILL");
      await running.end;
      for (const name of ["events.jsonl", "run.json", "attempt-1.md"])
        rmSync(`${rig.handoffDir}/r/${name}`, { force: true });
      rig.gateway.onHealth = (response) => sendJson(response, 200, { ok: true });
      const listed = await rig.inside(["list", "--json"]);
      expect(listed.stdout).toContain('"runId": "r"');
      const { exitCode } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(0);
      expect(rig.gateway.sent).toHaveLength(1);
      const [first, ...rest] = rig.events("r");
      expect(first).toMatchObject({ type: "run_created", seq: 1 });
      expect(rest.map(({ seq }) => seq)).toEqual(rest.map((_, index) => index + 2));
    },
  );

  scenario(
    "in the middle of sending: sent again with the same key and the same body, byte for byte",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = () => undefined;
      const running = rig.start(["worker", "do it", "--run-id", "r", "--timeout", "20"]);
      await until(() => rig.gateway.sent.length === 1, "the request");
      running.child.kill("SIGKILL");
      await running.end;
      rig.gateway.onHook = (call, response) => {
        admit(response);
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const { exitCode } = await rig.jsonInside([
        "worker",
        "do it",
        "--run-id",
        "r",
        "--timeout",
        "7",
      ]);
      expect(exitCode).toBe(0);
      const [first, second, ...more] = rig.gateway.sent;
      expect(more).toEqual([]);
      expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
      expect(second?.bodyText).toBe(first?.bodyText);
    },
  );

  scenario(
    "while it rests before attempt 2: wait makes that attempt",
    async ({ newRig, expect }) => {
      const rig = await newRig({ retry: { baseMs: 600_000, maxMs: 600_000 } });
      rig.gateway.onHook = (_call, response) =>
        sendJson(response, 503, { ok: false, error: "busy" });
      const running = rig.start(["worker", "do it", "--run-id", "r", "--retries", "2"]);
      await rig.hasHappened("r", "retry_scheduled");
      running.child.kill("SIGKILL");
      await running.end;
      rig.gateway.onHook = (call, response) => {
        admit(response);
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const { exitCode, document } = await rig.jsonInside(["wait", "r"], { clock: inAnHour });
      expect(exitCode).toBe(0);
      expect(document.attempts).toBe(2);
    },
  );
});

describe("a clock that was set while a run was waited for", () => {
  scenario("ten years back: what comes is taken", async ({ newRig, expect }) => {
    const rig = await newRig();
    await killedWhileWaiting(rig);
    editEvents(rig, movedBy(10));
    const waiting = rig.jsonInside(["wait", "r"]);
    await rig.hasHappened("r", "driver_took_over");
    handOver(rig);
    expect((await waiting).exitCode).toBe(0);
  });

  scenario(
    "ten years back: the time limit is counted from now, not from then",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig, ["--timeout", "0.4"]);
      editEvents(rig, movedBy(10));
      const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(3);
      expect(document.error).toMatchObject({ code: "timeout" });
    },
  );

  scenario(
    "ten years back while it rests: the next attempt comes after the rest",
    async ({ newRig, expect }) => {
      const rig = await newRig({ retry: { baseMs: 2_000, maxMs: 2_000 } });
      rig.gateway.onHook = (_call, response) =>
        sendJson(response, 503, { ok: false, error: "busy" });
      const running = rig.start(["worker", "do it", "--run-id", "r", "--retries", "2"]);
      await rig.hasHappened("r", "retry_scheduled");
      running.child.kill("SIGKILL");
      await running.end;
      editEvents(rig, movedBy(10));
      rig.gateway.onHook = (call, response) => {
        admit(response);
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
    },
  );

  scenario(
    "ten years forward: what is there is taken, and without it the time is over",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await killedWhileWaiting(rig);
      editEvents(rig, movedBy(-10));
      const timedOut = await rig.jsonInside(["wait", "r"]);
      expect(timedOut.exitCode).toBe(3);
      handOver(rig);
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
    },
  );

  scenario("events whose instants are no instants harm nobody", async ({ newRig, expect }) => {
    const rig = await newRig();
    await killedWhileWaiting(rig);
    appendFileSync(
      `${rig.handoffDir}/r/events.jsonl`,
      '{"seq":5,"at":"never","runId":"r","type":"agent_active","attempt":1}\n',
    );
    handOver(rig);
    expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
    expect((await rig.inside(["show", "r"])).exitCode).toBe(0);
  });
});

describe("wait", () => {
  scenario(
    "--timeout is how long wait itself stays, and changes nothing about the run",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const { exitCode: sent } = await rig.jsonInside([
        "worker",
        "do it",
        "--no-wait",
        "--run-id",
        "r",
      ]);
      expect(sent).toBe(0);
      const { exitCode, document } = await rig.jsonInside(["wait", "r", "--timeout", "0.3"]);
      expect(exitCode).toBe(3);
      expect(document.error?.message).toContain("the time to wait is over");
      expect(document.error?.hint).toContain("delegate wait r");
      handOver(rig);
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "--deadline counts from the run's beginning, --idle-timeout from the agent's last sign of life",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.jsonInside(["worker", "do it", "--no-wait", "--run-id", "r"]);
      for (const words of [
        ["--deadline", "0.1"],
        ["--idle-timeout", "0.3"],
        ["--timeout", "600", "--deadline", "600", "--idle-timeout", "0.3"],
      ]) {
        const { exitCode, document } = await rig.jsonInside(["wait", "r", ...words]);
        expect(exitCode).toBe(3);
        expect(document.error?.code).toBe("still_running");
      }
      handOver(rig);
      const late = await rig.jsonInside(["wait", "r", "--deadline", "0.1"]);
      expect(late).toMatchObject({ exitCode: 0, document: { status: "complete" } });
    },
  );

  scenario(
    "a deadline that has passed changes nothing about the outcome of a run that is over",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const run = await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
      for (const option of ["--timeout", "--deadline", "--idle-timeout"])
        expect(await rig.jsonInside(["wait", "r", option, "0.001"])).toEqual(run);
    },
  );

  scenario(
    "two waits for a late file both get it, and only one writes the story",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.jsonInside(["worker", "do it", "--timeout", "0.1", "--run-id", "r"]);
      const waits = [1, 2].map(() => rig.start(["wait", "r", "--timeout", "600"]));
      await rig.hasHappened("r", "driver_took_over");
      for (const wait of waits) await isUnderWay(wait);
      const hasty = await rig.jsonInside(["wait", "r"]);
      expect(hasty.exitCode).toBe(3);
      handOver(rig);
      const [first, second] = await Promise.all(waits.map(documentOf));
      expect(first?.exitCode).toBe(0);
      expect(second?.document).toEqual(first?.document);
      const events = rig.events("r");
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.filter(({ type }) => type === "handoff_accepted")).toHaveLength(1);
    },
  );

  scenario(
    "many waits at once for a late file that is there already all get it",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      await rig.jsonInside(["worker", "do it", "--timeout", "0.1", "--run-id", "r"]);
      handOver(rig);
      const ends = await Promise.all([1, 2, 3, 4, 5].map(() => rig.json(["wait", "r"])));
      expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    },
  );

  scenario(
    "a run that has ended is answered even when its agent is no longer in the config",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const before = await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
      rig.writeConfig({ agents: { other: { url: rig.gateway.origin, token: { file: "token" } } } });
      const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(0);
      expect(document).toEqual(before.document);
    },
  );
});
