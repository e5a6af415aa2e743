import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_HOOK_BODY_BYTES } from "../../src/gateway/hook.ts";
import { callHook } from "./hook-call.ts";
import type { HookAnswer, HookCallPlan } from "./hook-call.ts";
import { createTask } from "./task.ts";
import type { Task } from "./task.ts";

/** A running gateway and what its callers need. Its agents obey the words of `orders.ts`. */
export interface GatewayUnderTest {
  readonly origin: string;
  /** The direct agent hook. */
  readonly hookPath: string;
  readonly token: string;
  readonly agentId: string;
  /** A folder that its agents can write to. */
  readonly handoffDir: string;
  /** How often an agent has begun to work for this run. */
  countBegun(runId: string): Promise<number>;
  stop(): Promise<void>;
}

/** What every gateway must do for our client, whoever made it. */
export function describeGateway(name: string, start: () => Promise<GatewayUnderTest>): void {
  describe(`${name}: the hook contract`, () => {
    let gateway: GatewayUnderTest;
    beforeAll(async () => {
      gateway = await start();
    });
    afterAll(() => gateway?.stop());

    const url = (): string => gateway.origin + gateway.hookPath;
    const post = (plan: HookCallPlan): Promise<HookAnswer> =>
      callHook(url(), { token: gateway.token, ...plan });
    /** Comes back when the gateway has the held call: it has answered to one that left later. */
    const hold = async (plan: HookCallPlan): Promise<{ readonly answer: Promise<HookAnswer> }> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const answer = post({ ...plan, onSent: resolve });
      await Promise.race([promise, answer]);
      await callHook(`${gateway.origin}/healthz`, { method: "GET" });
      return { answer };
    };
    const newTask = (words: string): Promise<Task> => createTask(gateway, words);

    describe("without a run", () => {
      test("says that it is alive, without a token", async () => {
        const answer = await callHook(`${gateway.origin}/healthz`, { method: "GET" });
        expect(answer.status).toBe(200);
      });

      test.each(["GET", "HEAD", "PUT", "OPTIONS"])(
        "answers %s with 405 before it asks for a token",
        async (method) => {
          const answer = await callHook(url(), { method });
          expect(answer.status).toBe(405);
          expect(answer.headers.allow).toBe("POST");
        },
      );

      test.each([undefined, "wrong"])("answers 401 to the token %s", async (token) => {
        const answer = await callHook(url(), {
          body: {},
          ...(token === undefined ? {} : { token }),
        });
        expect(answer.status).toBe(401);
        expect(answer.text).not.toContain(gateway.token);
      });

      test("takes no token from the address", async () => {
        const answer = await callHook(`${url()}?token=${gateway.token}`, {
          token: gateway.token,
          body: {},
        });
        expect(answer.status).toBe(400);
        expect(answer.text).not.toContain(gateway.token);
      });

      test.each([{}, { message: " \n" }, { message: 5 }])(
        "refuses %j: message required",
        async (body) => {
          const answer = await post({ body });
          expect(answer).toMatchObject({
            status: 400,
            json: { ok: false, error: "message required" },
          });
        },
      );

      test.each(["{oops", "", "[1]", "null"])("refuses the body %j with 400", async (body) => {
        const answer = await post({ body });
        expect(answer).toMatchObject({ status: 400, json: { ok: false } });
      });

      test("refuses an agent that it does not have", async () => {
        const answer = await post({ body: { message: "x", agentId: "ghost" } });
        expect(answer).toMatchObject({ status: 400, json: { ok: false } });
        expect(answer.json["error"]).toContain('unknown agentId "ghost"');
      });

      test("refuses a body of one byte too many with 413", async () => {
        const body = JSON.stringify({ message: "x", agentId: gateway.agentId, pad: "" });
        const padded = body.replace(
          '"pad":"',
          `"pad":"${"a".repeat(MAX_HOOK_BODY_BYTES + 1 - body.length)}`,
        );
        expect(Buffer.byteLength(padded)).toBe(MAX_HOOK_BODY_BYTES + 1);
        expect(await post({ body: padded })).toMatchObject({ status: 413, json: { ok: false } });
      });

      test.each(["/hooks/nothing", "/hooks", "/hooks/agent/", "/nothing"])(
        "has nothing at %s",
        async (path) => {
          const answer = await callHook(gateway.origin + path, { token: gateway.token, body: {} });
          expect(answer.status).toBe(404);
        },
      );
    });

    describe.concurrent("a run", () => {
      test("is admitted with an id and ends in the handoff file", async () => {
        const task = await newTask("");
        const answer = await post(task.call());
        expect(answer).toMatchObject({ status: 200, json: { ok: true } });
        expect(answer.json["runId"]).toMatch(/\S/);
        expect(answer.json).not.toHaveProperty("completion");
        const handoff = await task.handoff();
        expect(handoff).toMatchObject({
          status: "complete",
          runId: task.runId,
          agent: gateway.agentId,
        });
      });

      test("takes a body of exactly 262,144 bytes", async () => {
        const task = await newTask("");
        const call = task.call();
        const missing = MAX_HOOK_BODY_BYTES - Buffer.byteLength(JSON.stringify(call.body));
        const body = { ...call.body, message: `${call.body.message}${"a".repeat(missing)}` };
        expect(Buffer.byteLength(JSON.stringify(body))).toBe(MAX_HOOK_BODY_BYTES);
        expect(await post({ ...call, body })).toMatchObject({ status: 200 });
        expect(await task.handoff()).toMatchObject({ status: "complete" });
      });

      test("ignores fields that it does not know", async () => {
        const task = await newTask("");
        const call = task.call();
        const body = { ...call.body, runId: "mine", metadata: { a: 1 } };
        const answer = await post({ ...call, body });
        expect(answer.status).toBe(200);
        expect(answer.json["runId"]).not.toBe("mine");
      });

      test("goes on when its caller hangs up", async () => {
        const task = await newTask("FAKE:until=go");
        await post(task.call());
        const hangUp = new AbortController();
        const held = await hold({ ...task.call({ isHeld: true }), signal: hangUp.signal });
        hangUp.abort();
        await expect(held.answer).rejects.toThrow();
        await task.letGo();
        expect(await task.handoff()).toMatchObject({ status: "complete" });
      });
    });

    describe.concurrent("a held call", () => {
      test("is answered when the run has ended, and says that it went well", async () => {
        const task = await newTask("FAKE:until=go");
        const held = await hold(task.call({ isHeld: true }));
        await task.letGo();
        expect(await held.answer).toMatchObject({
          status: 200,
          json: { ok: true, completion: { status: "ok" } },
        });
        expect(existsSync(task.path)).toBe(true);
      });

      test("attaches to the run that was admitted before, while it runs and afterwards", async () => {
        const task = await newTask("FAKE:until=go");
        const admitted = await post(task.call());
        expect(existsSync(task.path)).toBe(false);
        const completed = {
          status: 200,
          json: { runId: admitted.json["runId"], completion: { status: "ok" } },
        };
        const held = await Promise.all([1, 2].map(() => hold(task.call({ isHeld: true }))));
        await task.letGo();
        for (const { answer } of held) expect(await answer).toMatchObject(completed);
        expect(existsSync(task.path)).toBe(true);
        expect(await post(task.call({ isHeld: true }))).toMatchObject(completed);
        expect(await gateway.countBegun(task.runId)).toBe(1);
      });

      test("is answered although no file was written", async () => {
        const task = await newTask("FAKE:no-file");
        const answer = await post(task.call({ isHeld: true }));
        expect(answer).toMatchObject({ status: 200, json: { ok: true } });
        expect(answer.json["completion"]).toMatchObject({
          status: expect.stringMatching(/^(ok|error)$/),
        });
      });

      test("tells of a run that failed with HTTP 200 and an error", async () => {
        const task = await newTask("FAKE:crash");
        const answer = await post(task.call({ isHeld: true }));
        expect(answer).toMatchObject({
          status: 200,
          json: { ok: true, completion: { status: "error" } },
        });
      });

      test("tells of a run that took longer than timeoutSeconds", async () => {
        const task = await newTask("FAKE:until=never");
        const answer = await post(task.call({ isHeld: true, timeoutSeconds: 1 }));
        expect(answer).toMatchObject({ status: 200, json: { completion: { status: "error" } } });
        expect(await post(task.call({ isHeld: true, timeoutSeconds: 1 }))).toMatchObject({
          json: answer.json,
        });
        // A busy gateway may give up before the agent has begun at all.
        expect(await gateway.countBegun(task.runId)).toBeLessThan(2);
      });

      test("ignores timeoutSeconds when it is a text", async () => {
        const task = await newTask("FAKE:delay=1500");
        const call = task.call({ isHeld: true });
        const answer = await post({ ...call, body: { ...call.body, timeoutSeconds: "1" } });
        expect(answer).toMatchObject({ status: 200, json: { completion: { status: "ok" } } });
      });
    });

    describe.concurrent("the idempotency key", () => {
      test("makes one run of three calls at once", async () => {
        const task = await newTask("");
        const answers = await Promise.all([1, 2, 3].map(() => post(task.call())));
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
        expect(new Set(answers.map(({ json }) => json["runId"])).size).toBe(1);
        await task.handoff();
        expect(await gateway.countBegun(task.runId)).toBe(1);
      });

      test.each(["header", "body"])("counts in the %s alone", async (place) => {
        const task = await newTask("");
        const { key, body } = task.call();
        const { idempotencyKey, ...rest } = body;
        const plan =
          place === "header" ? { key, body: rest } : { body: { ...rest, idempotencyKey } };
        const [first, second] = [await post(plan), await post(plan)];
        expect(first.status).toBe(200);
        expect(second.json["runId"]).toBe(first.json["runId"]);
        await task.handoff();
        expect(await gateway.countBegun(task.runId)).toBe(1);
      });

      test("still answers for a run that has ended", async () => {
        const task = await newTask("");
        const first = await post(task.call());
        await post(task.call({ isHeld: true }));
        expect((await post(task.call())).json).toEqual(first.json);
        expect(await gateway.countBegun(task.runId)).toBe(1);
      });

      test("with another message makes another run", async () => {
        const task = await newTask("");
        const call = task.call();
        const first = await post(call);
        const body = { ...call.body, message: `${call.body.message}changed` };
        const second = await post({ ...call, body });
        expect(second.status).toBe(200);
        expect(second.json["runId"]).not.toBe(first.json["runId"]);
      });
    });
  });
}
