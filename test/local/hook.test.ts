import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isProcessAlive } from "../../src/system/process-life.ts";
import { PATIENCE_MS } from "../rig/patience.ts";
import { readJson, Rig, send, until } from "./rig.ts";
import type { HttpReply } from "./rig.ts";

let rig: Rig;

beforeAll(async () => {
  rig = new Rig({
    counting: {
      command: ["sh", "-c", `echo x >> "$DELEGATE_RUN_ID.count"; echo done`],
      handoff: "stdout",
    },
    other: {},
    holdable: {
      command: ["sh", "-c", "touch written; echo written"],
      handoff: "stdout",
      planCall: {
        command: ["sh", "-c", "echo only read"],
        handoff: "stdout",
        prompt: "stdin",
        env: {},
      },
    },
  });
  await rig.address();
});

afterAll(() => rig.dispose());

async function call(path: string, options: Parameters<typeof send>[1] = {}): Promise<HttpReply> {
  const { origin } = await rig.address();
  return send(`${origin}${path}`, options);
}

async function bearer(): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${(await rig.address()).token.reveal()}` };
}

describe("health", () => {
  it.each(["/healthz", "/health"])("%s says live without a token", async (path) => {
    const reply = await call(path);
    expect([reply.status, reply.text]).toEqual([200, '{"ok":true,"status":"live"}']);
  });

  it("answers HEAD without a body", async () => {
    const reply = await call("/healthz", { method: "HEAD" });
    expect([reply.status, reply.text]).toEqual([200, ""]);
  });

  it("says ready", async () => {
    const reply = await call("/readyz");
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toMatchObject({ ready: true, failing: [] });
  });

  it("tells its process only to those with the token", async () => {
    const reply = await call("/healthz", { headers: await bearer() });
    expect(JSON.parse(reply.text)).toMatchObject({ pid: (await rig.address()).pid });
  });
});

async function callPlan(runId: string, body: object): Promise<HttpReply> {
  const { message } = rig.newRun(runId);
  const text = JSON.stringify({ message, waitForCompletion: true, ...body });
  return call("/plan/hooks/agent", { method: "POST", headers: await bearer(), body: text });
}

describe("the path for agents that only read", () => {
  it("runs what can only read, whatever the body asks for", async () => {
    const wishes = { mode: "write", readOnly: false, command: ["touch", "written"] };
    const reply = await callPlan("plan-1", { agentId: "holdable", ...wishes });
    expect(reply.status).toBe(200);
    expect(readJson(`${rig.handoffDir}/plan-1/attempt-1.json`)).toMatchObject({
      result: "only read",
    });
    expect(existsSync(`${rig.folder}/written`)).toBe(false);
  });

  it("refuses an agent that can't be held to that", async () => {
    const reply = await callPlan("plan-2", { agentId: "other" });
    expect([reply.status, reply.text]).toEqual([
      400,
      '{"ok":false,"error":"other has no read-only mode"}',
    ]);
  });

  it("wants the token like any other", async () => {
    const reply = await call("/plan/hooks/agent", { method: "POST", body: "{}" });
    expect(reply.status).toBe(401);
  });
});

describe("a caller is refused", () => {
  it("with 405 and Allow for any other method, before its token is looked at", async () => {
    const reply = await call("/hooks/agent");
    expect(reply.status).toBe(405);
    expect(reply.headers["allow"]).toBe("POST");
  });

  it.each([
    ["no token", {}],
    ["a wrong token", { authorization: "Bearer nope" }],
    ["a wrong scheme", { authorization: "Basic nope" }],
    ["a wrong token header", { "x-openclaw-token": "nope" }],
  ])("with 401 for %s", async (_, headers) => {
    const reply = await call("/hooks/agent", { method: "POST", headers, body: "{}" });
    expect([reply.status, reply.text]).toEqual([401, "Unauthorized"]);
  });

  it("with 400 for a token in the address, also with a good header", async () => {
    const options = { method: "POST", headers: await bearer(), body: "{}" };
    expect((await call("/hooks/agent?token=x", options)).status).toBe(400);
  });

  it.each(["/", "/hooks/agent/", "/hooks/other", "/healthz/x"])("with 404 at %s", async (path) => {
    const reply = await call(path, { method: "POST", headers: await bearer(), body: "{}" });
    expect([reply.status, reply.text]).toEqual([404, "Not Found"]);
  });

  it.each([
    ["an Origin", { origin: "http://evil.example" }],
    ["the Origin null", { origin: "null" }],
    ["a foreign Host", { host: "evil.example:80" }],
  ])("with 403 for %s", async (_, headers) => {
    const options = { method: "POST", headers: { ...(await bearer()), ...headers }, body: "{}" };
    expect((await call("/hooks/agent", options)).status).toBe(403);
    expect((await call("/healthz", { headers })).status).toBe(403);
  });

  it("but not for naming the gateway localhost, nor for its token in the other header", async () => {
    const token = (await rig.address()).token.reveal();
    const headers = { host: "localhost:1", "x-openclaw-token": token };
    const reply = await call("/hooks/agent", { method: "POST", headers, body: "{}" });
    expect(JSON.parse(reply.text)).toEqual({ ok: false, error: "message required" });
  });
});

describe("a body is refused", () => {
  it.each([
    ["a message that is missing", {}, "message required"],
    ["a blank message", { message: " \n" }, "message required"],
    ["a message that is no text", { message: 7 }, "message required"],
    ["a list", [], "message required"],
    ["no agent", { message: "hi" }, "agentId is required when multiple agents are configured"],
    [
      "an agent that is no text",
      { message: "hi", agentId: 1 },
      "agentId must be a non-empty string",
    ],
    ["an unknown agent", { message: "hi", agentId: "x" }, 'unknown agentId "x"'],
    [
      "waitForCompletion as text",
      { message: "hi", agentId: "other", waitForCompletion: "yes" },
      "waitForCompletion must be boolean",
    ],
    [
      "an unknown session mode",
      { message: "hi", agentId: "other", sessionMode: "x" },
      "sessionMode must be isolated or persistent",
    ],
    [
      "a persistent session",
      { message: "hi", agentId: "other", sessionMode: "persistent" },
      "sessionKey is required when sessionMode is persistent",
    ],
    ["an empty model", { message: "hi", agentId: "other", model: "" }, "model required"],
    [
      "a channel",
      { message: "hi", agentId: "other", channel: "discord", to: "x" },
      "the local gateway has no channels to deliver to",
    ],
  ])("for %s", async (_, body, error) => {
    expect(await rig.post(body)).toEqual({ status: 400, json: { ok: false, error } });
  });

  it("for a session key", async () => {
    const { status, json } = await rig.post({ message: "hi", agentId: "other", sessionKey: "k" });
    expect(status).toBe(400);
    expect(json["error"]).toMatch(/^sessionKey is disabled/);
  });

  it("for not being JSON", async () => {
    const { status, json } = await rig.post("{");
    expect(status).toBe(400);
    expect(json["error"]).toMatch(/JSON/);
  });

  it("from 262,145 bytes on, and not below", async () => {
    const shell = '{"agentId":"x","message":""}';
    const fits = `{"agentId":"x","message":"${"m".repeat(262_144 - shell.length)}"}`;
    expect((await rig.post(fits)).status).toBe(400);
    expect(await rig.post(`${fits} `)).toEqual({
      status: 413,
      json: { ok: false, error: "payload too large" },
    });
  });

  it("also when its length is not announced", async () => {
    const text = await raw(
      `transfer-encoding: chunked\r\n\r\n${`ffff\r\n${"m".repeat(0xffff)}\r\n`.repeat(5)}`,
    );
    expect(text).toContain("413 Payload Too Large");
    expect(text).toContain('{"ok":false,"error":"payload too large"}');
  });

  it("when it does not come", async () => {
    const hasty = new Rig({ other: {} }, {}, { bodyMs: 100 });
    try {
      const text = await raw("content-length: 100\r\n\r\n{", hasty);
      expect(text).toContain("408 Request Timeout");
      expect(text).toContain('{"ok":false,"error":"request body timeout"}');
    } finally {
      await hasty.dispose();
    }
  });
});

describe("a key", () => {
  it("starts one run for three posts at once, and one after its end, waiting or not", async () => {
    const { message, handoffPath } = rig.newRun("key-1");
    const body = { agentId: "counting", message, idempotencyKey: "k" };
    const replies = await Promise.all([1, 2, 3].map(() => rig.post(body)));
    await until(() => readJson(handoffPath));
    const late = await rig.post({ ...body, waitForCompletion: true });
    const ids = new Set([...replies, late].map(({ json }) => json["runId"]));
    expect(ids.size).toBe(1);
    expect(late.json["completion"]).toEqual({ status: "ok", replyDisposition: "visible" });
    expect(readFileSync(`${rig.folder}/key-1.count`, "utf8")).toBe("x\n");
  });

  it("in the header means the same, and wins over the body's", async () => {
    const { message } = rig.newRun("key-2");
    const body = { agentId: "counting", message, waitForCompletion: true };
    const first = await rig.post(body, { "idempotency-key": "h" });
    const second = await rig.post(
      { ...body, idempotencyKey: "other" },
      { "x-openclaw-idempotency-key": "h" },
    );
    expect(second.json["runId"]).toBe(first.json["runId"]);
  });

  it.each([
    ["another message", { message: "another" }],
    ["another time limit", { timeoutSeconds: 7 }],
    ["a key too long to count", { idempotencyKey: "k".repeat(257) }],
  ])("with %s is another run", async (_, change) => {
    const body = { agentId: "counting", message: "hi", idempotencyKey: "k3" };
    const first = await rig.post(body);
    const second = await rig.post({ ...body, ...change });
    expect(second.status).toBe(200);
    expect(second.json["runId"]).not.toBe(first.json["runId"]);
  });
});

describe("places", () => {
  const areTwo = "until [ $(grep -c + marks) -ge 2 ]; do sleep 0.01; done";

  it("two at once: ten posts run in their order, never three together", async () => {
    const few = new Rig(
      {
        busy: {
          command: [
            "sh",
            "-c",
            `echo + >> marks; ${areTwo}; sleep 0.05; echo - >> marks; echo done`,
          ],
          handoff: "stdout",
        },
      },
      { maxConcurrent: 2 },
      { admissionMs: PATIENCE_MS },
    );
    try {
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => few.post({ message: "hi", waitForCompletion: true })),
      );
      expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
      let now = 0;
      let most = 0;
      for (const mark of readFileSync(`${few.folder}/marks`, "utf8").trim().split("\n")) {
        now += mark === "+" ? 1 : -1;
        most = Math.max(most, now);
      }
      expect([now, most]).toEqual([0, 2]);
    } finally {
      await few.dispose();
    }
  });

  it("who says so waits for one no longer than that", async () => {
    const few = new Rig({ slow: { command: ["sleep", "303"] } }, { maxConcurrent: 1 });
    try {
      expect((await few.post({ message: "one" })).status).toBe(200);
      const hurried = await few.post({ message: "two" }, { "x-delegate-admission-ms": "50" });
      expect(hurried.status).toBe(503);
      const log = few.log();
      expect(log).toContain('"because":"no place in time"');
    } finally {
      await few.dispose();
    }
  });

  it("a run that finds none in time is refused, never started, and may be asked for again", async () => {
    const few = new Rig(
      { slow: { command: ["sh", "-c", "echo $$ >> pids; exec sleep 303"] } },
      { maxConcurrent: 1 },
      { admissionMs: 100 },
    );
    try {
      const first = await few.post({ message: "one" });
      const pids = await until(() => startedIn(few));
      const body = { message: "two", idempotencyKey: "k" };
      const second = await few.post(body);
      const third = await few.post(body, { "x-delegate-admission-ms": "soon" });
      expect(first.status).toBe(200);
      expect(second).toEqual({
        status: 503,
        json: {
          ok: false,
          error: "hook agent run did not start before admission timeout",
          runId: expect.any(String),
        },
      });
      expect(third.status).toBe(503);
      expect(third.json["runId"]).not.toBe(second.json["runId"]);
      expect(startedIn(few)).toEqual(pids);
      expect(pids.map((pid) => isProcessAlive(pid))).toEqual([true]);
    } finally {
      await few.dispose();
    }
  });
});

/** The pids of the agents that have told theirs, or null while none has. */
function startedIn({ folder }: Rig): readonly number[] | null {
  const path = `${folder}/pids`;
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  return lines.length === 0 ? null : lines.map(Number);
}

/** Sends an unfinished request and gives all that comes back until the gateway hangs up. */
async function raw(rest: string, to = rig): Promise<string> {
  const { origin, token } = await to.address();
  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  socket.write(
    `POST /hooks/agent HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token.reveal()}\r\n${rest}`,
  );
  let text = "";
  socket.setEncoding("utf8");
  return new Promise((resolve) => {
    socket.on("data", (piece: string) => {
      text += piece;
    });
    socket.on("error", () => {});
    socket.once("close", () => resolve(text));
  });
}
