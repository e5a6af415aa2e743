import { afterEach, beforeEach, expect, test } from "vitest";
import { success } from "../../src/failure.ts";
import { ADMISSION_TIMEOUT_MS } from "../../src/gateway/hook.ts";
import type { Fact } from "../../src/run/decide/decide.ts";
import { deliver } from "../../src/run/sending/courier.ts";
import { monotonicClock } from "../../src/system/monotonic-clock.ts";
import { SteeredGateway, admit, sendJson } from "../rig/steered-gateway.ts";
import type { HookBehavior } from "../rig/steered-gateway.ts";

let gateway: SteeredGateway;

beforeEach(async () => {
  announced = 0;
  isOver = false;
  gateway = await SteeredGateway.start();
});

afterEach(async () => {
  await gateway.stop();
});

let announced: number;
let isOver: boolean;

/** Has one attempt delivered; `lateMs` is how much of the admission's time is over once the request is ready. */
async function deliverTo(onHook: HookBehavior, lateMs = 0): Promise<readonly Fact[]> {
  gateway.onHook = onHook;
  const facts: Fact[] = [];
  let looks = 0;
  const parcel = {
    attempt: 1,
    idempotencyKey: "r1.1",
    body: () => JSON.stringify({ message: "do it" }),
    checksHealth: true,
    holds: false,
    admissionMs: null,
    goneAfterMs: 0,
    isWatching: Promise.resolve(),
  };
  await deliver(parcel, {
    clock: { nowMs: () => monotonicClock.nowMs() + (looks++ === 0 ? 0 : lateMs) },
    reach: async () => success({ origin: gateway.origin, hookPath: "/hooks/agent", token: null }),
    report: (fact) => facts.push(fact),
    holds: null,
    announce: () => {
      announced += 1;
      return null;
    },
    isOver: () => isOver,
    signal: new AbortController().signal,
  });
  return facts;
}

function sent(result: object): readonly object[] {
  return [{ kind: "sent", attempt: 1, result }];
}

test("a gateway that takes the task and says nothing is asked once, for the time of an admission", async () => {
  const facts = await deliverTo(() => undefined, ADMISSION_TIMEOUT_MS - 300);
  expect(facts).toEqual(sent({ kind: "unanswered", reason: "no answer within 0.3 s" }));
  expect(gateway.sent).toHaveLength(1);
});

test("one that begins to answer, and never ends it, as well", async () => {
  const facts = await deliverTo((_call, response) => {
    response.writeHead(200, { "content-length": "100" }).write("{");
  }, ADMISSION_TIMEOUT_MS - 300);
  expect(facts).toEqual(sent({ kind: "unanswered", reason: "no whole answer within 0.3 s" }));
  expect(gateway.sent).toHaveLength(1);
});

test("after a break the same is sent again, and an admission is one", async () => {
  const facts = await deliverTo(({ number }, response) => {
    if (number === 1) response.destroy();
    else admit(response);
  });
  expect(facts).toMatchObject(sent({ kind: "reply", reply: { kind: "admitted" } }));
  expect(gateway.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["r1.1", "r1.1"]);
});

test("after a break, a gateway that is busy has not said that it did not take the first one", async () => {
  const facts = await deliverTo(({ number }, response) => {
    if (number === 1) response.destroy();
    else sendJson(response, 503, { ok: false, error: "busy" });
  });
  expect(facts).toEqual(sent({ kind: "broken", reason: "connection closed, then HTTP 503" }));
  expect(gateway.sent).toHaveLength(3);
});

test("after a break, a refusal for good is one", async () => {
  const facts = await deliverTo(({ number }, response) => {
    if (number === 1) response.destroy();
    else sendJson(response, 400, { ok: false, error: "no" });
  });
  expect(facts).toMatchObject(sent({ kind: "reply", reply: { kind: "refused", reason: "no" } }));
  expect(gateway.sent).toHaveLength(2);
});

test("after a break, one that is silent has the task, and is not asked again", async () => {
  const facts = await deliverTo(({ number }, response) => {
    if (number === 1) response.destroy();
  }, ADMISSION_TIMEOUT_MS - 1_000);
  expect(facts).toMatchObject(sent({ kind: "unanswered" }));
  expect(gateway.sent).toHaveLength(2);
});

test("breaks beyond the time of an admission are an end", async () => {
  const facts = await deliverTo((_call, response) => {
    response.destroy();
  }, ADMISSION_TIMEOUT_MS - 1_100);
  expect(facts).toEqual(sent({ kind: "broken", reason: "connection closed" }));
  expect(gateway.sent).toHaveLength(2);
});

test("a run that is over while its gateway tells of its health is neither announced nor sent", async () => {
  gateway.onHealth = (response) => {
    isOver = true;
    sendJson(response, 200, { ok: true });
  };
  expect(await deliverTo((_call, response) => admit(response))).toEqual([]);
  expect(announced).toBe(0);
  expect(gateway.sent).toHaveLength(0);
});

test("a run that is over while its connection breaks is not sent again", async () => {
  const facts = await deliverTo((_call, response) => {
    isOver = true;
    response.destroy();
  });
  expect(facts).toEqual([]);
  expect(gateway.sent).toHaveLength(1);
});
