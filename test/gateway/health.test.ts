import { expect, test } from "vitest";
import type { Exchange } from "../../src/gateway/exchange.ts";
import type { Health } from "../../src/gateway/health.ts";
import { healthOf } from "../../src/gateway/health.ts";

function answered(status: number): Exchange {
  return { kind: "answered", answer: { status, body: "", contentType: "", retryAfter: null } };
}

function sick(status: number, isThere: boolean): Health {
  return { kind: "sick", isThere, reason: `HTTP ${status} from /healthz` };
}

test.each<[string, Exchange, Health]>([
  ["200", answered(200), { kind: "healthy" }],
  ["204", answered(204), { kind: "healthy" }],
  ["no such path", answered(404), sick(404, true)],
  ["a fault of its own", answered(500), sick(500, false)],
  ["a proxy in its place", answered(502), sick(502, false)],
  ["nobody", { kind: "not_reached", reason: "no" }, { kind: "unreachable", reason: "no" }],
  ["a break", { kind: "broken", reason: "cut" }, { kind: "unreachable", reason: "cut" }],
  ["silence", { kind: "unanswered", reason: "…" }, { kind: "unreachable", reason: "…" }],
])("a gateway's health, by its answer: %s", (_answer, exchange, health) => {
  expect(healthOf(exchange)).toEqual(health);
});
