import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { describe } from "vitest";
import { isProcessAlive, readProcessStat } from "../../../src/system/process-life.ts";
import { endUnwantedCommands } from "../../../src/flows/steps/unwanted-commands.ts";
import { signalIfThere } from "../../rig/left-processes.ts";
import { until } from "../../rig/until.ts";
import { family, hasFamily, pidsIn } from "./commands.ts";
import { command } from "./rig.ts";
import { scenario } from "./scenario.ts";

describe("a command that has to end", () => {
  scenario(
    "ends with all that it has started when its time is over",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const going = rig.start(rig.job(command(family, { timeoutMs: 5_000 })));
      const pids = await hasFamily(rig);
      expect(await going.end).toMatchObject({
        end: "failed",
        failure: { code: "command_failed", message: "the command was ended after its 5 s" },
        output: { exitCode: null },
        isRetryable: true,
      });
      expect(pids.filter((pid) => isProcessAlive(pid))).toEqual([]);
    },
  );

  scenario.for(["canceled", "lost", "leaving"] as const)(
    "ends with all that it has started when it is %s",
    async (reason, { newRig, expect }) => {
      const rig = await newRig();
      const going = rig.start(rig.job(command(family)));
      const pids = await hasFamily(rig);
      going.stop(reason);
      expect(await going.end).toEqual({ end: "canceled" });
      expect(pids.filter((pid) => isProcessAlive(pid))).toEqual([]);
      expect(await rig.carryOut(command("echo next"))).toMatchObject({ end: "done" });
    },
  );

  scenario("ends also when it does not want to", async ({ newRig, expect }) => {
    const rig = await newRig();
    const line = "trap '' TERM; echo $$ > pids; while :; do sleep 1; done";
    const going = rig.start(rig.job(command(line)));
    await until(() => pidsIn(rig).length === 1, "the command");
    going.stop("canceled");
    expect(await going.end).toEqual({ end: "canceled" });
    expect(rig.processes()).toEqual([]);
  });

  scenario("does not begin when its step is to stop already", async ({ newRig, expect }) => {
    const rig = await newRig();
    // One while its shell is being opened, one that finds it open.
    for (const line of ["touch first", "touch second"]) {
      const going = rig.start(rig.job(command(line)));
      going.stop("canceled");
      expect(await going.end).toEqual({ end: "canceled" });
    }
    expect(await rig.carryOut(command("ls"))).toMatchObject({ output: { stdout: "" } });
  });
});

describe("after a worker was killed", () => {
  scenario(
    "what it has left of a step is ended before the step begins again",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const job = rig.job(command(`test -e again && exec echo again; touch again; ${family}`));
      const other = rig.job(command("sleep 300"));
      const worker = rig.startElsewhere(job);
      const bystander = rig.startElsewhere(other);
      const pids = await hasFamily(rig);
      await until(() => rig.processes().length >= 4, "the other step's command");
      worker.kill("SIGKILL");
      expect(pids.filter((pid) => isProcessAlive(pid))).toEqual(pids);
      expect(await rig.start(job).end).toMatchObject({ end: "done", output: { stdout: "again" } });
      expect(pids.filter((pid) => isProcessAlive(pid))).toEqual([]);
      expect(rig.processes()).toHaveLength(1);
      bystander.kill("SIGKILL");
    },
  );

  scenario(
    "another project is left alone, also one with the same ids",
    async ({ newRig, expect }) => {
      const [rig, other] = [await newRig(), await newRig()];
      const line = "test -e again && exec true; touch again; exec sleep 300";
      const [job, same] = [rig, other].map((each) => each.job(command(line), { key: "same" }));
      if (job === undefined || same === undefined) throw new Error("two jobs");
      const bystander = other.startElsewhere(same);
      await until(() => other.processes().length === 1, "the other command");
      const worker = rig.startElsewhere(job);
      await until(() => rig.processes().length === 1, "the command");
      worker.kill("SIGKILL");
      expect(await rig.start(job).end).toMatchObject({ end: "done" });
      expect([rig.processes().length, other.processes().length]).toEqual([0, 1]);
      bystander.kill("SIGKILL");
    },
  );

  scenario("nothing is left of it but what it had begun", async ({ newRig, expect }) => {
    const rig = await newRig();
    const TMPDIR = `${rig.folder}/tmp`;
    mkdirSync(TMPDIR);
    const worker = rig.startElsewhere(rig.job(command("sleep 300")), { TMPDIR });
    await until(() => rig.processes().length === 1, "the command");
    expect(readdirSync(TMPDIR)).toHaveLength(1);
    worker.kill("SIGKILL");
    // The shell has nobody to answer when its command ends.
    await until(() => worker.signalCode !== null, "the end of the worker");
    for (const pid of rig.processes()) signalIfThere(pid);
    await until(() => readdirSync(TMPDIR).length === 0, "the end of the shell");
  });

  scenario(
    "a worker that was only asleep does not end what another has begun since",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const job = rig.job(command(family));
      const asleep = rig.start(job);
      const first = await hasFamily(rig);
      writeFileSync(`${rig.folder}/pids`, "");
      const awake = rig.start({ ...job });
      await until(() => pidsIn(rig).length === 3, "the second execution");
      const second = pidsIn(rig);
      expect(first.filter((pid) => isProcessAlive(pid))).toEqual([]);
      asleep.stop("lost");
      await asleep.end;
      expect(second.filter((pid) => isProcessAlive(pid))).toEqual(second);
      awake.stop("canceled");
      expect(await awake.end).toEqual({ end: "canceled" });
      expect(rig.processes()).toEqual([]);
    },
  );

  scenario(
    "what it has left of steps that nobody wants any more is ended, and nothing else",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { handoffDir } = rig.project;
      const [given, kept] = ["given", "kept/1"].map((key) => {
        const job = rig.job(command(`echo $$ > ${key.slice(0, 4)}; exec sleep 300`), { key });
        return { job, worker: rig.startElsewhere(job) };
      });
      if (given === undefined || kept === undefined) throw new Error("two jobs");
      const done = rig.job(command("sleep 300 >/dev/null 2>&1 & echo $! > done"), { key: "done" });
      const daemon = rig.startElsewhere(done);
      const going = rig.start(rig.job(command("echo $$ > going; exec sleep 300")));
      const names = ["give", "kept", "done", "going"];
      await until(() => names.every((name) => pidsIn(rig, name).length === 1), "all");
      await until(() => daemon.exitCode !== null, "the end of the worker whose command has ended");
      const asked: string[] = [];
      const endUnwanted = (): Promise<void> =>
        endUnwantedCommands(handoffDir, async ({ flowRunId, key }) => {
          asked.push(`${flowRunId} ${key}`);
          return key === kept.job.key;
        });
      await endUnwanted();
      expect(asked).toEqual([]);
      for (const { worker } of [given, kept]) {
        worker.kill("SIGKILL");
        await until(() => worker.signalCode !== null, "the end of a worker");
      }
      await endUnwanted();
      expect(new Set(asked)).toEqual(new Set(["01abc given", "01abc kept/1"]));
      const areAlive = names.map((name) => isProcessAlive(pidsIn(rig, name)[0] ?? 0));
      expect(areAlive).toEqual([false, true, true, true]);
      going.stop("canceled");
      await going.end;
    },
  );

  scenario(
    "a process that only says that it is such a command has nothing else removed",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { handoffDir } = rig.project;
      mkdirSync(`${handoffDir}/.flows/commands`, { recursive: true });
      for (const name of ["blank", "01abc.same"])
        writeFileSync(`${handoffDir}/.flows/commands/${name}`, "");
      writeFileSync(`${handoffDir}/.flows/precious`, "");
      const told = `${handoffDir}/.flows/commands/../precious:4194304.1`;
      const env = { DELEGATE_FLOW_COMMAND: told, DELEGATE_FLOW_STEP: "01abc/gone" };
      const liar = spawn("sleep", ["300"], { env: { ...process.env, ...env } });
      await once(liar, "spawn");
      try {
        await endUnwantedCommands(handoffDir, () => Promise.resolve(false));
        expect(readdirSync(`${handoffDir}/.flows`)).toContain("precious");
        expect(liar.signalCode).toBeNull();
      } finally {
        liar.kill("SIGKILL");
      }
    },
  );

  scenario("is found also when its pid is somebody else's by now", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { handoffDir } = rig.project;
    mkdirSync(`${handoffDir}/.flows/commands`, { recursive: true });
    const start = readProcessStat(process.pid)?.start;
    const left = await Promise.all(
      [`${start}0`, start].map(async (each, place) => {
        const record = `${handoffDir}/.flows/commands/01abc.step${place}`;
        writeFileSync(record, "");
        const told = `${record}:${process.pid}@${each}.1`;
        const env = { DELEGATE_FLOW_COMMAND: told, DELEGATE_FLOW_STEP: `01abc/step${place}` };
        const child = spawn("sleep", ["300"], { env: { ...process.env, ...env } });
        await once(child, "spawn");
        return child;
      }),
    );
    const asked: string[] = [];
    await endUnwantedCommands(handoffDir, ({ key }) => {
      asked.push(key);
      return Promise.resolve(false);
    });
    expect(asked).toEqual(["step0", "step0"]);
    for (const child of left) child.kill("SIGKILL");
  });
});
