import { flushCompileCache } from "node:module";
import { loadKind } from "./kinds.ts";
import { carryOut } from "./steered-steps.ts";
import type { WorkerOrder } from "./rig.ts";

/* A worker as a process of its own, until it is told to leave. What to do comes as JSON in the first argument. */

// Many of these are killed, and would take what they have compiled with them.
flushCompileCache();

const order: WorkerOrder = JSON.parse(process.argv[2] ?? "{}");
const opened = await (await loadKind(order.kind)).open(order.place, order.pace);
if (!opened.ok) {
  process.stderr.write(`${opened.failure.message}\n`);
  process.exit(1);
}
const leaving = new AbortController();
process.on("SIGTERM", () => leaving.abort());
const end = await opened.value.work(carryOut, {
  signal: leaving.signal,
  only: order.only,
  limits: order.limits,
  escalation: { rules: order.escalation, tell: () => undefined },
  idleMs: order.idleMs,
  warn: (message) => process.stderr.write(`${message}\n`),
});
await opened.value.close();
process.stdout.write(`${end.ok ? end.value : end.failure.message}\n`);
