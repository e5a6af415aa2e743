import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { describe } from "vitest";
import type { GatewayAddress } from "../../src/gateway/client.ts";
import { lastRest } from "../rig/last-rest.ts";
import { PATIENCE_MS } from "../rig/patience.ts";
import { scenario } from "../rig/scenario.ts";
import { SteeredClock } from "../rig/steered-clock.ts";
import {
  SteeredGateway,
  admit,
  goodHandoff,
  sendJson,
  writeAsAgent,
} from "../rig/steered-gateway.ts";
import type { HookBehavior, ReceivedCall } from "../rig/steered-gateway.ts";
import { watchForLoss } from "../../src/run/sending/gateway-watch.ts";
import { monotonicClock } from "../../src/system/monotonic-clock.ts";

const token = "test-token-4711";

/** Answers with a text that is no JSON. */
function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "text/plain", ...headers }).end(text);
}

/** Admits, and hands over at once. */
function handOver(call: ReceivedCall, response: ServerResponse): void {
  admit(response);
  writeAsAgent(call.handoffPath, goodHandoff(call));
}

/** Looks after a gateway that may be away for 0.1 s. */
function watch(address: GatewayAddress, signal: AbortSignal): Promise<string | null> {
  const admittedAtMs = monotonicClock.nowMs();
  return watchForLoss({ address, admittedAtMs, goneAfterMs: 100, clock: monotonicClock, signal });
}

/** Refuses the first call in some way, and takes the next one. */
function refuseOnce(refuse: (response: ServerResponse) => void): HookBehavior {
  return (call, response) => {
    if (call.number === 1) refuse(response);
    else handOver(call, response);
  };
}

describe.concurrent("a gateway that is not there or not well", () => {
  scenario(
    "nobody listens: unreachable, with the address and the reason",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.gateway.stop();
      const { exitCode, document, stderr } = await rig.json(["worker", "do it"]);
      expect(exitCode).toBe(6);
      expect(stderr).toBe("");
      expect(document).toMatchObject({
        status: "error",
        attempts: 1,
        error: { code: "unreachable", retryable: true },
      });
      expect(document.error?.message).toMatch(/127\.0\.0\.1:\d+.*connection refused/);
      expect(document.error?.hint).toContain("start the gateway");
    },
  );

  scenario(
    "it comes up between two attempts: the second one is answered",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHealth = (response) => {
        rig.gateway.onHealth = (again) => sendJson(again, 200, { ok: true });
        response.destroy();
      };
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "2"]);
      expect(exitCode).toBe(0);
      expect(document.attempts).toBe(2);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario("500 on /healthz: nothing is sent", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHealth = (response) => sendText(response, 500, "sick");
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(6);
    expect(document.error).toMatchObject({ code: "unreachable" });
    expect(document.error?.message).toContain("HTTP 500 from /healthz");
    expect(document.error?.hint).toContain("--no-health");
    expect(rig.gateway.calls).toHaveLength(0);
  });

  scenario(
    "500 on /healthz with --no-health: nobody asks, the task is sent",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHealth = (response) => sendText(response, 500, "sick");
      const { exitCode } = await rig.jsonInside(["worker", "do it", "--no-health"]);
      expect(exitCode).toBe(0);
    },
  );

  scenario("a 204 is as healthy as a 200", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHealth = (response) => void response.writeHead(204).end();
    expect((await rig.jsonInside(["worker", "do it"])).exitCode).toBe(0);
  });

  scenario(
    "no health answer: after 5 seconds it counts as not reached",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHealth = () => undefined;
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(6);
      expect(document.error?.message).toContain("no answer within 5 s");
      expect(rig.gateway.calls).toHaveLength(0);
    },
  );

  scenario("no health answer and a deadline: the deadline wins", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHealth = () => undefined;
    const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--deadline", "0.2"]);
    expect(exitCode).toBe(3);
    expect(document).toMatchObject({ status: "timeout", error: { code: "timeout" } });
    expect(document.error?.message).toContain("deadline of 0.2 s");
    expect(document.error?.hint).toBe("give more time with --deadline");
  });

  scenario(
    "the hook takes its time to admit: a deadline ends that, too",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = () => undefined;
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--deadline", "0.3"]);
      expect(exitCode).toBe(3);
      expect(document.error?.code).toBe("timeout");
    },
  );
});

describe.concurrent("a gateway that takes the task and never answers", () => {
  scenario(
    "is sent it once; after 20 seconds the run ends, and says that the agent may be at work",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = () => undefined;
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"]);
      expect(exitCode).toBe(6);
      expect(document).toMatchObject({ attempts: 1, error: { code: "send_failed" } });
      expect(document.error?.message).toContain("(no answer within 20 s), so worker may be");
      expect(document.error?.hint).toContain(`delegate wait ${document.runId}`);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario("but whose agent hands over: its work is the result", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (call) => writeAsAgent(call.handoffPath, goodHandoff(call));
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
    expect(document.status).toBe("complete");
  });
});

describe.concurrent("a gateway that refuses", () => {
  const bodies: readonly (readonly [shape: string, send: (response: ServerResponse) => void])[] = [
    ["{ok, error}", (response) => sendJson(response, 400, { ok: false, error: "no such thing" })],
    [
      "{error: {message}}",
      (response) =>
        sendJson(response, 400, { error: { message: "no such thing", type: "x", code: "y" } }),
    ],
    ["plain text", (response) => sendText(response, 400, "no such\n thing\n")],
  ];
  for (const [shape, send] of bodies) {
    scenario(`its reason is told, from a body that is ${shape}`, async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => send(response);
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"]);
      expect(exitCode).toBe(6);
      expect(document).toMatchObject({
        status: "error",
        attempts: 1,
        error: { code: "send_failed" },
      });
      expect(document.error?.message).toMatch(
        /^the gateway of worker at .* refused the task: HTTP 400, no such thing$/,
      );
    });
  }

  const final: readonly (readonly [status: number, code: string, hint: RegExp])[] = [
    [401, "unauthorized", /hook token/],
    [403, "unauthorized", /hook token/],
    [404, "send_failed", /hooks on.*hookPath/],
    [405, "send_failed", /hooks on.*hookPath/],
    [413, "send_failed", /into a file/],
  ];
  for (const [status, code, hint] of final) {
    scenario(
      `HTTP ${status} is ${code}, exit 6, and not tried again`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        rig.gateway.onHook = (_call, response) => sendText(response, status, "No");
        const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"]);
        expect(exitCode).toBe(6);
        expect(document).toMatchObject({ attempts: 1, error: { code } });
        expect(document.error?.hint).toMatch(hint);
        expect(rig.gateway.calls).toHaveLength(1);
      },
    );
  }

  for (const status of [409, 429, 500, 502, 503]) {
    scenario(`HTTP ${status} is tried again`, async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = refuseOnce((response) =>
        sendJson(response, status, { ok: false, error: "busy" }),
      );
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "2"]);
      expect(exitCode).toBe(0);
      expect(document.attempts).toBe(2);
      expect(rig.gateway.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
        `${document.runId}.1`,
        `${document.runId}.2`,
      ]);
    });
  }

  scenario(
    "without retries a busy gateway is an end, with what to do",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) =>
        sendJson(response, 503, {
          error: {
            message: "Gateway is temporarily unavailable",
            type: "service_unavailable",
            code: "gateway_unavailable",
          },
        });
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(6);
      expect(document.error?.message).toContain("HTTP 503, Gateway is temporarily unavailable");
      expect(document.error?.hint).toContain("--retries");
    },
  );

  scenario(
    "Retry-After in seconds is waited for, however short our own rest would be",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const clock = new SteeredClock();
      rig.gateway.onHook = async (call, response) => {
        if (call.number > 1) return handOver(call, response);
        sendText(response, 429, "Too Many Requests", { "retry-after": "1" });
        await rig.hasHappened(call.runId, "retry_scheduled");
        clock.advance(1_000);
      };
      const words = ["worker", "do it", "--retries", "2"];
      const { document } = await rig.jsonInside(words, { clock });
      expect(document.attempts).toBe(2);
      const { fromMs, toMs } = lastRest(rig, document.runId);
      expect(toMs - fromMs).toBe(1_000);
    },
  );

  scenario("Retry-After as an HTTP date is waited for", async ({ newRig, expect }) => {
    const rig = await newRig();
    const clock = new SteeredClock();
    const notBefore = Math.ceil(clock.nowMs() / 1000) * 1000 + 1_000;
    rig.gateway.onHook = async (call, response) => {
      if (call.number > 1) return handOver(call, response);
      sendText(response, 503, "later", { "retry-after": new Date(notBefore).toUTCString() });
      await rig.hasHappened(call.runId, "retry_scheduled");
      clock.advance(notBefore - clock.nowMs());
    };
    const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "2"], {
      clock,
    });
    expect(exitCode).toBe(0);
    expect(lastRest(rig, document.runId).toMs).toBe(notBefore);
  });

  scenario(
    "a Retry-After beyond the deadline ends the run now instead of waiting in vain",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) =>
        sendText(response, 503, "later", { "retry-after": "7200" });
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "do it",
        "--retries",
        "3",
        "--deadline",
        "3600",
      ]);
      expect(exitCode).toBe(6);
      expect(document).toMatchObject({ attempts: 1, error: { code: "send_failed" } });
    },
  );

  for (const status of [301, 302, 307, 308]) {
    scenario(
      `a ${status} redirect is never followed, least of all with the token`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        const elsewhere = await SteeredGateway.start();
        try {
          const location = `${elsewhere.origin}/hooks/agent`;
          rig.gateway.onHook = (_call, response) =>
            void response.writeHead(status, { location }).end();
          const { exitCode, document } = await rig.jsonInside([
            "worker",
            "do it",
            "--retries",
            "2",
          ]);
          expect(exitCode).toBe(6);
          expect(document.error).toMatchObject({ code: "send_failed" });
          expect(document.error?.message).toContain(
            `HTTP ${status}, a redirect, which is never followed`,
          );
          expect(elsewhere.requests).toEqual([]);
        } finally {
          await elsewhere.stop();
        }
      },
    );
  }

  const noAdmissions: readonly (readonly [
    what: string,
    send: (response: ServerResponse) => void,
    words: string,
  ])[] = [
    [
      "an HTML page",
      (response) =>
        void response
          .writeHead(200, { "content-type": "text/html" })
          .end("<!doctype html><title>Control</title>"),
      "an HTML page",
    ],
    ["an empty answer", (response) => void response.writeHead(200).end(), "an empty answer"],
    [
      "broken JSON",
      (response) =>
        void response.writeHead(200, { "content-type": "application/json" }).end('{"ok":tr'),
      '{"ok":tr',
    ],
    [
      "JSON that is not ok",
      (response) => sendJson(response, 200, { status: "fine" }),
      'JSON without "ok": true',
    ],
    ["a JSON list", (response) => sendJson(response, 200, [true]), "[true]"],
  ];
  for (const [what, send, words] of noAdmissions) {
    scenario(`HTTP 200 with ${what} is no admission`, async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => send(response);
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(6);
      expect(document.error?.code).toBe("send_failed");
      expect(document.error?.message).toContain(`HTTP 200, ${words}`);
    });
  }

  scenario("an endless answer is cut and refused", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(16_384, "x");
      const pump = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once("drain", pump);
      };
      pump();
    };
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(6);
    expect(document.error?.message.length).toBeLessThan(600);
  });

  scenario("a refusal that repeats the token is told without it", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (call, response) =>
      sendText(response, 401, `wrong: ${call.authorization}`);
    const { stdout, stderr } = await rig.inside(["worker", "do it", "--verbose"]);
    expect(stdout + stderr).toContain("[hidden]");
    expect(stdout + stderr).not.toContain(token);
  });
});

describe.concurrent("connections that break", () => {
  scenario(
    "after the task was sent: the same again, with the same key, byte for byte",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        if (call.number === 1) response.destroy();
        else handOver(call, response);
      };
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(0);
      expect(document.attempts).toBe(1);
      const [first, second] = rig.gateway.sent;
      expect(rig.gateway.sent).toHaveLength(2);
      expect(second?.bodyText).toBe(first?.bodyText);
      expect(second?.idempotencyKey).toBe(`${document.runId}.1`);
      expect(first?.idempotencyKey).toBe(`${document.runId}.1`);
    },
  );

  scenario("in the middle of the answer: the same again", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (call, response) => {
      if (call.number > 1) {
        handOver(call, response);
        return;
      }
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write('{"ok":');
      setTimeout(() => response.destroy(), 20);
    };
    const { exitCode } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
    expect(rig.gateway.sent).toHaveLength(2);
  });

  scenario(
    "again and again: after three sendings it says that the agent may be at work, and starts no new attempt",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => void response.destroy();
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"]);
      expect(exitCode).toBe(6);
      expect(document).toMatchObject({ attempts: 1, error: { code: "send_failed" } });
      expect(document.error?.message).toContain("may be working on it");
      expect(document.error?.hint).toContain(`delegate wait ${document.runId}`);
      expect(rig.gateway.sent).toHaveLength(3);
      expect(new Set(rig.gateway.sent.map(({ bodyText }) => bodyText)).size).toBe(1);
    },
  );

  scenario(
    "and the work was done all the same: a later wait has the result",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => void response.destroy();
      const { document } = await rig.jsonInside(["worker", "do it", "--run-id", "lost"]);
      expect(document.error?.code).toBe("send_failed");
      const [call] = rig.gateway.sent;
      if (call === undefined) throw new Error("nothing was sent");
      writeAsAgent(call.handoffPath, goodHandoff(call));
      const late = await rig.jsonInside(["wait", "lost", "--timeout", "60"]);
      expect(late.exitCode).toBe(0);
      expect(late.document).toMatchObject({ status: "complete", result: "done: lost" });
    },
  );

  scenario("while the answer was held: the file still counts", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.answersHeld = true;
    rig.gateway.onHook = async (call, response) => {
      if (!call.isHeld) return admit(response);
      response.destroy();
      await rig.hasHappened(call.runId, "connection_lost");
      writeAsAgent(call.handoffPath, goodHandoff(call));
    };
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ status: "complete", attempts: 1 });
    expect(rig.gateway.sent).toHaveLength(1);
  });
});

describe.concurrent("a gateway that goes away while it holds our call", () => {
  scenario("and stays away: it counts as gone, and the reason is told", async ({ expect }) => {
    const gateway = await SteeredGateway.start();
    const address = { origin: gateway.origin, hookPath: "/hooks/agent", token: null };
    await gateway.stop();
    expect(await watch(address, AbortSignal.timeout(PATIENCE_MS))).toBe("connection refused");
  });

  scenario(
    "and whose proxy answers 502 in its place: it counts as gone",
    async ({ newRig, expect }) => {
      const { gateway } = await newRig();
      gateway.onHealth = (response) => sendText(response, 502, "Bad Gateway");
      const address = { origin: gateway.origin, hookPath: "/hooks/agent", token: null };
      expect(await watch(address, AbortSignal.timeout(PATIENCE_MS))).toBe("HTTP 502 from /healthz");
    },
  );

  scenario(
    "but answers again, also without a /healthz: it is not gone",
    async ({ newRig, expect }) => {
      const { gateway } = await newRig();
      gateway.onHealth = (response) => sendText(response, 404, "Not Found");
      const address = { origin: gateway.origin, hookPath: "/hooks/agent", token: null };
      expect(await watch(address, AbortSignal.timeout(600))).toBeNull();
    },
  );
});

describe.concurrent("the gateway's word that the agent's own run has ended", () => {
  scenario(
    "well, but without a file: no_handoff long before its time is over",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.answersHeld = true;
      rig.gateway.onHook = (call, response) =>
        admit(
          response,
          call.isHeld ? { completion: { status: "ok", replyDisposition: "silent" } } : {},
        );
      const words = ["worker", "do it", "--timeout", "7200"];
      const { exitCode, document } = await rig.jsonInside(words);
      expect(exitCode).toBe(5);
      expect(document).toMatchObject({ status: "error", error: { code: "no_handoff" } });
      expect(document.error?.message).toContain("ended (ok) without a handoff file");
    },
  );

  scenario("with an error: told, and the next attempt begins", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.answersHeld = true;
    rig.gateway.onHook = (call, response) => {
      if (call.idempotencyKey?.endsWith(".2")) handOver(call, response);
      else admit(response, call.isHeld ? { completion: { status: "error" } } : {});
    };
    const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "2"]);
    expect(exitCode).toBe(0);
    expect(document.attempts).toBe(2);
    expect(String(rig.gateway.sent[1]?.body["message"])).toContain(
      "run ended (error) without a handoff file",
    );
  });

  scenario("and the file comes a moment later: complete", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.answersHeld = true;
    rig.gateway.onHook = async (call, response) => {
      admit(response, call.isHeld ? { completion: { status: "ok" } } : {});
      if (!call.isHeld) return;
      await rig.hasHappened(call.runId, "agent_ended");
      writeAsAgent(call.handoffPath, goodHandoff(call));
    };
    const clock = new SteeredClock();
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"], { clock });
    expect(exitCode).toBe(0);
    expect(document.status).toBe("complete");
  });
});

describe.concurrent("older gateways", () => {
  scenario(
    "one that admits with 202 knows no keys: it is never asked a second time",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = async (call, response) => {
        sendJson(response, 202, { ok: true, runId: "old" });
        await rig.hasHappened(call.runId, "attempt_admitted");
        await sleep(100);
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const { exitCode } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(0);
      expect(rig.gateway.calls).toHaveLength(1);
    },
  );

  scenario("a mapped hook is never asked a second time", async ({ newRig, expect }) => {
    const rig = await newRig({}, { hookPath: "/hooks/worker" });
    rig.gateway.onHook = async (call, response) => {
      admit(response);
      await rig.hasHappened(call.runId, "attempt_admitted");
      await sleep(100);
      writeAsAgent(call.handoffPath, goodHandoff(call));
    };
    const { exitCode } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
    expect(rig.gateway.calls).toHaveLength(1);
  });

  scenario(
    "one that answers the held call at once, without a completion: the file is awaited",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.answersHeld = true;
      rig.gateway.onHook = async (call, response) => {
        admit(response);
        if (!call.isHeld) return;
        await sleep(100);
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const { exitCode } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(0);
    },
  );
});
