import { execSync } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { handoffText, readOrders } from "./orders.ts";
import { think } from "./think.ts";

// A command-line agent for the tests: reads its task on stdin and obeys the words in it.
// Its one argument is the file in which it notes every task that it begins.

const message = await text(process.stdin);
const orders = readOrders(message);
const notes = process.argv[2];
if (notes !== undefined) appendFileSync(notes, `${orders.handoff?.runId ?? "-"}\n`);
await think(orders, () => false);
if (orders.doesCrash) throw new Error("ordered to crash");
const output = orders.command === null ? null : execSync(orders.command, { encoding: "utf8" });
if (orders.handoff !== null && orders.writes !== "nothing") {
  writeFileSync(orders.handoff.path, handoffText(orders, output, new Date()));
}
process.stdout.write("Done.\n");
