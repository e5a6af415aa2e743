import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import type { CliEnd } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";

/** One call of each command, as far as it says the same when it is called again. */
const calls: readonly (readonly string[])[] = [
  ["show", "r"],
  ["list"],
  ["agents"],
  ["acl", "explain", "boss", "worker"],
  ["doctor"],
  ["questions"],
  ["answer", "r.q1", "yes"],
  ["cancel", "r"],
  ["prune", "--dry-run"],
  ["logs", "r"],
  ["watch", "r"],
  ["wait", "r"],
  ["worker", "do it", "--run-id", "other", "--dry-run"],
  ["handoff", "check", "handoff.json"],
  ["init"],
  ["gateway", "status"],
  ["completion", "bash"],
  ["help"],
  ["--version"],
  ["flow", "list"],
  ["flow", "show", "f"],
  ["flow", "validate", "hello"],
  ["flow", "graph", "hello"],
  ["flow", "export", "f"],
  ["flow", "logs", "f"],
  ["flow", "wait", "f"],
  ["flow", "run", "hello", "--dry-run", "--run-id", "g"],
];

/** The second call comes a moment later. */
function ageless(end: CliEnd): CliEnd {
  const stdout = end.stdout.replaceAll(/ *\b\d+ s\b/g, " <age>");
  return { ...end, stdout: stdout.replaceAll(/given at [-:.\dTZ]+/g, "given at <instant>") };
}

describe("the built program", () => {
  scenario(
    "says the same as its source does when a test carries it out, whatever the command",
    async ({ newRig, expect }) => {
      const rig = await newRig({ acl: { boss: ["worker"] } });
      rig.gateway.onHook = (call, response) => {
        // The doctor's call has no task.
        admit(response);
        if (call.handoffPath !== "") writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      mkdirSync(join(rig.folder, "flows"));
      rig.write("handoff.json", JSON.stringify(goodHandoff({ runId: "r" })));
      rig.write("flows/hello.yaml", 'name: hello\nsteps: { greet: { run: "echo hello" } }\n');
      await rig.inside(["worker", "do it", "--run-id", "r"]);
      await rig.inside(["flow", "run", "hello", "--run-id", "f"]);
      for (const words of calls) {
        const inside = ageless(await rig.inside(words));
        expect({ words, ...ageless(await rig.run(words)) }).toEqual({ words, ...inside });
      }
    },
  );
});
