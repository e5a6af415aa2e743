import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Rig } from "../rig/rig.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
});
const isOutcome = compile("outcome");
const isRecord = compile("run");
const isEvent = compile("event");

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.create();
});
afterEach(() => rig.dispose());

test("what a run that was retried prints and keeps is as the published schemas say", async () => {
  rig.gateway.onHook = (call, response) => {
    admit(response);
    writeAsAgent(call.handoffPath, call.number === 1 ? { status: "done" } : goodHandoff(call));
  };
  const { exitCode, document } = await rig.jsonInside([
    "worker",
    "a task",
    "--retries",
    "2",
    "--run-id",
    "r1",
  ]);
  expect(exitCode).toBe(0);
  expectValid(isOutcome, document);
  expectStored("r1");
});

test("what a run that failed prints and keeps is as the published schemas say", async () => {
  rig.gateway.onHook = (call, response) => {
    admit(response);
    writeAsAgent(
      call.handoffPath,
      goodHandoff(call, { status: "blocked", questions: [{ text: "Which?" }] }),
    );
  };
  const { exitCode, document } = await rig.jsonInside(["worker", "a task", "--run-id", "r1"]);
  expect(exitCode).toBe(7);
  expectValid(isOutcome, document);
  expectStored("r1");
});

test("a run that was refused prints an outcome as the published schema says", async () => {
  const { exitCode, document } = await rig.jsonInside(["wroker", "a task"]);
  expect(exitCode).toBe(2);
  expectValid(isOutcome, document);
});

test("a task that was only sent prints an outcome as the published schema says", async () => {
  rig.gateway.onHook = (_call, response) => admit(response);
  const { document } = await rig.jsonInside(["worker", "a task", "--no-wait", "--run-id", "r1"]);
  expectValid(isOutcome, document);
  expectStored("r1");
});

function expectStored(runId: string): void {
  expectValid(isRecord, JSON.parse(rig.read(`handoffs/${runId}/run.json`)));
  for (const event of rig.events(runId)) expectValid(isEvent, event);
}

function expectValid(validate: ValidateFunction, document: unknown): void {
  validate(document);
  expect(validate.errors ?? [], JSON.stringify(document)).toEqual([]);
}

function compile(name: string): ValidateFunction {
  return ajv.compile(
    JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), "utf8")),
  );
}
