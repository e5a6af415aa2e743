import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { launcher } from "../rig/rig.ts";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";

const token = "test-token-4711";

/** Everything below the folders that we write into. */
function written(rig: Rig): readonly { readonly path: string; readonly isFolder: boolean }[] {
  return ["handoffs", "logs"].flatMap((name) => {
    const top = join(rig.folder, name);
    const below = readdirSync(top, { withFileTypes: true, recursive: true });
    return [
      { path: top, isFolder: true },
      ...below.map((entry) => ({
        path: join(entry.parentPath, entry.name),
        isFolder: entry.isDirectory(),
      })),
    ];
  });
}

describe.concurrent("the token", () => {
  scenario(
    "is in the one header and nowhere else, also when the gateway repeats it in its error",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        if (call.number === 1) {
          response
            .writeHead(503, { "content-type": "text/plain" })
            .end(`can't take ${call.authorization} now`);
          return;
        }
        admit(response);
        if (call.handoffPath !== "") writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const run = await rig.run([
        "worker",
        "do it",
        "--retries",
        "2",
        "--verbose",
        "--run-id",
        "one",
      ]);
      expect(run.exitCode).toBe(0);
      const outputs = [run];
      for (const words of [
        ["show", "one"],
        ["show", "one", "--json"],
        ["agents", "--json"],
        ["doctor"],
        ["worker", "do it", "--dry-run"],
      ])
        outputs.push(await rig.inside(words));
      for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(token);
      for (const { path, isFolder } of written(rig))
        if (!isFolder) expect(readFileSync(path, "utf8"), path).not.toContain(token);
      expect(rig.events("one").some(({ type }) => type === "attempt_failed")).toBe(true);
      for (const call of rig.gateway.sent) {
        expect(call.authorization).toBe(`Bearer ${token}`);
        expect(call.bodyText).not.toContain(token);
      }
    },
  );

  scenario(
    "is not in the command line of a process, and /healthz does not get it",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      let commandLine = "";
      const { child, end } = rig.start(["worker", "do it"]);
      rig.gateway.onHook = (call, response) => {
        commandLine = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
        admit(response);
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      expect((await end).exitCode).toBe(0);
      expect(commandLine).toContain("worker");
      expect(commandLine).not.toContain(token);
      expect(rig.gateway.tokensAtHealth).toEqual([null]);
    },
  );

  scenario(
    "of the local gateway, and all that it writes, is its owner's alone",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.writeConfig({ agents: { coder: { command: ["cat"], handoff: "stdout" } } });
      expect((await rig.inside(["coder", "do it"])).exitCode).toBe(0);
      for (const { path } of written(rig)) expect(statSync(path).mode & 0o077, path).toBe(0);
    },
  );
});

describe.concurrent("what is written", () => {
  scenario("folders are 0700 and files 0600, whatever the umask", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (call, response) => {
      admit(response);
      writeAsAgent(call.handoffPath, goodHandoff(call));
    };
    const { exitCode } = await rig.runProgram("sh", [
      "-c",
      'umask 000; exec "$@"',
      "sh",
      process.execPath,
      launcher,
      "worker",
      "do it",
    ]);
    expect(exitCode).toBe(0);
    const ours = written(rig).filter(({ path }) => !/attempt-\d\.json$/.test(path));
    expect(ours.length).toBeGreaterThanOrEqual(7);
    for (const { path, isFolder } of ours)
      expect(statSync(path).mode & 0o777, path).toBe(isFolder ? 0o700 : 0o600);
  });
});

describe.concurrent("plain http", () => {
  scenario(
    "to anything but this machine is refused, unless the agent says insecure",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      for (const url of [
        "http://192.0.2.1:18789",
        "http://gateway.example",
        "http://127.0.0.1.example.com",
        "http://[2001:db8::1]:1",
      ]) {
        rig.writeConfig({ agents: { worker: { url } } });
        const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--dry-run"]);
        expect(exitCode, url).toBe(2);
        expect(document.error?.code).toBe("config_invalid");
        expect(JSON.stringify(document.error)).toContain("insecure");
        rig.writeConfig({ agents: { worker: { url, insecure: true } } });
        expect((await rig.inside(["worker", "do it", "--dry-run"])).exitCode, url).toBe(0);
      }
    },
  );

  scenario("to this machine is fine, by every name it has", async ({ newRig, expect }) => {
    const rig = await newRig();
    for (const url of ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"]) {
      rig.writeConfig({ agents: { worker: { url } } });
      expect((await rig.inside(["worker", "do it", "--dry-run"])).exitCode, url).toBe(0);
    }
  });

  scenario(
    "a user name and password in the address are refused, and not repeated",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.writeConfig({ agents: { worker: { url: "http://me:hunter2@127.0.0.1:1" } } });
      const { exitCode, stdout } = await rig.inside(["worker", "do it", "--dry-run"]);
      expect(exitCode).toBe(2);
      expect(stdout).not.toContain("hunter2");
    },
  );
});
