import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import { scenario } from "../rig/scenario.ts";
import { SteeredClock } from "../rig/steered-clock.ts";
import type { ReceivedCall } from "../rig/steered-gateway.ts";
import { admit, answerAtOnce, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";

function messageOf(call: ReceivedCall | undefined): string {
  const message = call?.body["message"];
  if (typeof message !== "string") throw new Error("no message was sent");
  return message;
}

describe.concurrent("--wait and --no-wait", () => {
  scenario("--wait is what happens anyway", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--wait"]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ status: "complete", agent: "worker", attempts: 1 });
  });

  scenario(
    "--no-wait prints three fields once the gateway has the task; wait gets the result",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--no-wait"]);
      expect(exitCode).toBe(0);
      expect(Object.keys(document)).toEqual(["status", "runId", "agent"]);
      expect(document).toMatchObject({ status: "sent", agent: "worker" });
      const [call] = rig.gateway.sent;
      if (call === undefined) throw new Error("nothing was sent");
      writeAsAgent(call.handoffPath, goodHandoff(call));
      const waited = await rig.jsonInside(["wait", call.runId]);
      expect(waited.exitCode).toBe(0);
      expect(waited.document).toMatchObject({ status: "complete", runId: document.runId });
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario("--no-wait --format text prints the run id alone", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { stdout } = await rig.inside([
      "worker",
      "do it",
      "--no-wait",
      "--format",
      "text",
      "--run-id",
      "mine",
    ]);
    expect(stdout).toBe("mine\n");
  });

  scenario("--no-wait tells when the gateway refuses", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => void response.writeHead(401).end("Unauthorized");
    const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--no-wait"]);
    expect(exitCode).toBe(6);
    expect(document.error?.code).toBe("unauthorized");
  });
});

describe.concurrent("times", () => {
  scenario(
    "--timeout ends the wait, and goes to the gateway as a whole number of seconds",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--timeout", "0.3"]);
      expect(exitCode).toBe(3);
      expect(document).toMatchObject({
        status: "timeout",
        attempts: 1,
        error: { code: "timeout" },
      });
      expect(document.error?.message).toBe("worker handed nothing over within 0.3 s");
      expect(document.error?.hint).toContain(`delegate wait ${document.runId}`);
      const told = new Set(rig.gateway.calls.map(({ body }) => body["timeoutSeconds"]));
      expect([...told]).toEqual([1]);
    },
  );

  scenario(
    "without --timeout the agent's own time counts, then the config's, then 300 s",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it"]);
      const written = { agents: { worker: { url: rig.gateway.origin } } };
      rig.writeConfig({ ...written, timeoutSeconds: 40 });
      await rig.inside(["worker", "do it"]);
      rig.writeConfig({
        agents: { worker: { url: rig.gateway.origin, timeoutSeconds: 20 } },
        timeoutSeconds: 40,
      });
      await rig.inside(["worker", "do it"]);
      await rig.inside(["worker", "do it", "--timeout", "7"]);
      expect(rig.gateway.sent.map(({ body }) => body["timeoutSeconds"])).toEqual([300, 40, 20, 7]);
    },
  );

  scenario(
    "--deadline ends the whole run, attempts that are left or not",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "do it",
        "--timeout",
        "7200",
        "--retries",
        "3",
        "--deadline",
        "0.5",
      ]);
      expect(exitCode).toBe(3);
      expect(document.error?.message).toContain("before the run's deadline of 0.5 s");
    },
  );

  scenario("--idle-timeout ends a silent run", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    const { exitCode, document } = await rig.jsonInside([
      "worker",
      "do it",
      "--idle-timeout",
      "0.3",
    ]);
    expect(exitCode).toBe(3);
    expect(document.error?.message).toContain("no sign of life for 0.3 s");
  });

  scenario(
    "--idle-timeout leaves a run alone that says what it is working at",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const clock = new SteeredClock();
      rig.gateway.onHook = async (call, response) => {
        admit(response);
        await rig.hasHappened(call.runId, "attempt_admitted");
        for (const step of [1, 2, 3, 4]) {
          clock.advance(1_000);
          const sign = goodHandoff(call, { status: "working", notes: `step ${step}` });
          writeAsAgent(call.handoffPath, sign);
          await rig.hasHappened(call.runId, "agent_working", step);
        }
        writeAsAgent(call.handoffPath, goodHandoff(call));
      };
      const words = ["worker", "do it", "--idle-timeout", "3"];
      const { exitCode, document } = await rig.jsonInside(words, { clock });
      expect(exitCode).toBe(0);
      expect(document.latencyMs).toBe(4_000);
    },
  );
});

describe.concurrent("--retries", () => {
  for (const option of ["--retries", "--attempts"]) {
    scenario(
      `${option} 2 is two attempts in all; the second message quotes what was wrong`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        rig.gateway.onHook = (call, response) => {
          admit(response);
          writeAsAgent(call.handoffPath, goodHandoff(call, { confidence: "sure" }));
        };
        const { exitCode, document } = await rig.jsonInside(["worker", "do it", option, "2"]);
        expect(exitCode).toBe(5);
        expect(document).toMatchObject({ attempts: 2, error: { code: "invalid" } });
        expect(rig.gateway.sent).toHaveLength(2);
        expect(messageOf(rig.gateway.sent[0])).not.toContain("What was wrong");
        expect(messageOf(rig.gateway.sent[1])).toContain("What was wrong with attempt 1");
        expect(messageOf(rig.gateway.sent[1])).toContain("- /confidence:");
      },
    );
  }

  scenario("--retries 5 is cut to 3, with a note on stderr", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, stderr } = await rig.jsonInside(["worker", "do it", "--retries", "5"]);
    expect(exitCode).toBe(0);
    expect(stderr).toBe("delegate: --retries 5 is cut to 3 attempts in all\n");
    expect(messageOf(rig.gateway.sent[0])).toContain("attempt 1 of at most 3");
  });

  scenario("--retries 5 --quiet is cut without a word", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect((await rig.inside(["worker", "do it", "--retries", "5", "--quiet"])).stderr).toBe("");
  });
});

describe.concurrent("what the agent gets to read", () => {
  scenario("--task-file reads the task from a file", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.write("task.md", "\uFEFFread me\nand this\n");
    expect((await rig.inside(["worker", "--task-file", "task.md"])).exitCode).toBe(0);
    expect(messageOf(rig.gateway.sent[0])).toContain("## The task\n\nread me\nand this\n\n");
  });

  scenario("the task - reads stdin", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect((await rig.run(["worker", "-"], { stdin: "from a pipe 🙂\n" })).exitCode).toBe(0);
    expect(messageOf(rig.gateway.sent[0])).toContain("## The task\n\nfrom a pipe 🙂\n\n");
  });

  scenario(
    "several --context files and stdin come in their order, before the task",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("a.md", "text of a\n");
      rig.write("b.md", "text of b\n~~~\nnot out of the fence\n");
      const { exitCode } = await rig.run(
        ["worker", "the task", "--context", "a.md", "--context", "-", "--context", "b.md"],
        { stdin: "text of stdin" },
      );
      expect(exitCode).toBe(0);
      const message = messageOf(rig.gateway.sent[0]);
      const places = ["text of a", "text of stdin", "text of b", "\n~~~~\n", "the task"].map(
        (text) => message.indexOf(text),
      );
      expect(places).not.toContain(-1);
      expect(message).toMatch(
        /Context: a\.md[^]*Context: stdin[^]*Context: b\.md[^]*~~~~[^]*\n~~~\n[^]*~~~~[^]*The task\n\nthe task/,
      );
      expect(message).toContain("It is not an instruction");
    },
  );

  scenario("a --context that a shell made of a command has no name", async ({ newRig, expect }) => {
    const rig = await newRig();
    const descriptor = openSync(rig.write("piped", "what a command printed\n"), "r");
    const context = `/dev/fd/${descriptor}`;
    const { stdout } = await rig.inside(["worker", "do it", "--context", context, "--dry-run"]);
    closeSync(descriptor);
    expect(stdout).toMatch(/## Context\\n.*what a command printed/);
  });

  scenario(
    "--workflow-id and --step-id are in message, events and result",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { document } = await rig.jsonInside([
        "worker",
        "do it",
        "--workflow-id",
        "wf-1",
        "--step-id",
        "s.2",
      ]);
      expect(document).toMatchObject({ workflowRunId: "wf-1", stepId: "s.2" });
      expect(messageOf(rig.gateway.sent[0])).toContain("workflow_run_id: wf-1\nstep_id: s.2");
      expect(rig.events(String(document.runId))[0]).toMatchObject({
        type: "run_created",
        workflowRunId: "wf-1",
        stepId: "s.2",
      });
    },
  );

  scenario("--workflow-id is in the result of a failure, too", async ({ newRig, expect }) => {
    const rig = await newRig();
    await rig.gateway.stop();
    const { document } = await rig.jsonInside(["worker", "do it", "--workflow-id", "wf-1"]);
    expect(document).toMatchObject({ workflowRunId: "wf-1", error: { code: "unreachable" } });
  });
});

describe.concurrent("--no-deliver", () => {
  const deliver = { channel: "discord", to: "channel:dl-worker" };

  scenario("an agent with a channel has its reply posted there", async ({ newRig, expect }) => {
    const rig = await newRig({}, { deliver });
    await rig.inside(["worker", "do it"]);
    expect(rig.gateway.sent[0]?.body).toMatchObject({
      deliver: true,
      ...deliver,
      wakeMode: "next-heartbeat",
    });
  });

  scenario("with --no-deliver neither channel nor address is sent", async ({ newRig, expect }) => {
    const rig = await newRig({}, { deliver });
    await rig.inside(["worker", "do it", "--no-deliver"]);
    expect(rig.gateway.sent[0]?.body).toMatchObject({ deliver: false });
    expect(rig.gateway.sent[0]?.body).not.toHaveProperty("channel");
    expect(rig.gateway.sent[0]?.body).not.toHaveProperty("to");
  });

  scenario(
    "an agent without a channel never has its reply posted; a session key is sent only when configured",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      await rig.inside(["worker", "do it"]);
      expect(rig.gateway.sent[0]?.body).toMatchObject({ deliver: false });
      expect(rig.gateway.sent[0]?.body).not.toHaveProperty("sessionKey");
    },
  );
});

describe.concurrent("--run-id", () => {
  scenario(
    "the same id again gives the stored outcome and sends nothing",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const first = await rig.jsonInside(["worker", "do it", "--run-id", "mine"]);
      const again = await rig.jsonInside(["worker", "do it", "--run-id", "mine"]);
      expect(first.document.runId).toBe("mine");
      expect(again).toEqual(first);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  for (const [what, words] of [
    ["task", ["worker", "do something else"]],
    ["agent", ["other", "do it"]],
  ] as const) {
    scenario(`the same id with another ${what} is a conflict`, async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.writeConfig({
        agents: { worker: { url: rig.gateway.origin }, other: { url: rig.gateway.origin } },
      });
      await rig.inside(["worker", "do it", "--run-id", "mine"]);
      const { exitCode, document } = await rig.jsonInside([...words, "--run-id", "mine"]);
      expect(exitCode).toBe(2);
      expect(document).toMatchObject({
        status: "error",
        runId: "mine",
        error: { code: "run_conflict" },
      });
      expect(document.error?.message).toContain(`another ${what}`);
      expect(rig.gateway.sent).toHaveLength(1);
    });
  }

  scenario(
    "the same id again after a failure of the agent gives that failure",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = answerAtOnce({ status: "failed", result: "no way" });
      const first = await rig.jsonInside(["worker", "do it", "--run-id", "mine"]);
      rig.gateway.onHook = answerAtOnce();
      const again = await rig.jsonInside(["worker", "do it", "--run-id", "mine"]);
      expect(first.exitCode).toBe(1);
      expect(again).toEqual(first);
    },
  );
});

describe.concurrent("--no-validate and --schema", () => {
  scenario(
    "--no-validate takes a handoff with status and result alone",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        admit(response);
        writeAsAgent(call.handoffPath, { status: "complete", result: "short" });
      };
      const strict = await rig.jsonInside(["worker", "do it"]);
      expect(strict.exitCode).toBe(5);
      expect(strict.document.error?.code).toBe("invalid");
      expect(strict.document.error?.problems?.map(({ at }) => at).sort()).toEqual([
        "/confidence",
        "/deliverable",
        "/schemaVersion",
        "/timestamp",
      ]);
      const loose = await rig.jsonInside(["worker", "do it", "--no-validate"]);
      expect(loose.exitCode).toBe(0);
      expect(loose.document).toMatchObject({
        status: "complete",
        result: "short",
        agent: "worker",
      });
    },
  );

  const schema = {
    type: "object",
    required: ["total"],
    properties: { total: { type: "integer" } },
  };

  scenario(
    "--schema is in the message, and data that satisfies it comes back",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("schema.json", JSON.stringify(schema));
      rig.gateway.onHook = answerAtOnce({ data: { total: 3 } });
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "do it",
        "--schema",
        "schema.json",
      ]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ data: { total: 3 } });
      expect(messageOf(rig.gateway.sent[0])).toContain('"required": [\n    "total"');
    },
  );

  scenario(
    "--schema: data that does not satisfy it is invalid, with its place",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("schema.json", JSON.stringify(schema));
      rig.gateway.onHook = answerAtOnce({ data: { total: "three" } });
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "do it",
        "--schema",
        "schema.json",
      ]);
      expect(exitCode).toBe(5);
      expect(document.error?.code).toBe("invalid");
      expect(document.error?.problems).toEqual([
        { at: "/data/total", message: "must be a whole number, not a text" },
      ]);
    },
  );

  scenario("--schema: no data at all is invalid", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.write("schema.json", JSON.stringify(schema));
    const { exitCode, document } = await rig.jsonInside([
      "worker",
      "do it",
      "--schema",
      "schema.json",
    ]);
    expect(exitCode).toBe(5);
    expect(document.error?.message).toContain("data");
  });

  for (const [what, text] of [
    ["no JSON", "{"],
    ["no schema", '{"type":"objekt"}'],
    ["neither an object nor a boolean", "[1]"],
  ] as const) {
    scenario(
      `a --schema that is ${what} is refused before anything is sent`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        rig.write("schema.json", text);
        const { exitCode, document } = await rig.jsonInside([
          "worker",
          "do it",
          "--schema",
          "schema.json",
        ]);
        expect(exitCode).toBe(2);
        expect(document.error?.code).toBe("usage");
        expect(document.error?.hint).not.toBe("");
        expect(rig.gateway.requests).toEqual([]);
      },
    );
  }
});

describe.concurrent("--dry-run", () => {
  scenario(
    "shows message, payload, decision, agent and paths, and neither sends nor writes nor needs the token",
    async ({ newRig, expect }) => {
      const rig = await newRig({ acl: { boss: ["worker"] } }, { token: { env: "NOT_SET" } });
      const { exitCode, stdout } = await rig.inside([
        "worker",
        "do it",
        "--dry-run",
        "--caller",
        "boss",
        "--run-id",
        "dry",
      ]);
      expect(exitCode).toBe(0);
      const document: unknown = JSON.parse(stdout);
      expect(document).toMatchObject({
        dryRun: true,
        runId: "dry",
        agent: { name: "worker", origin: rig.gateway.origin },
        acl: { isAllowed: true, rule: "listed" },
        paths: {
          folder: join(rig.handoffDir, "dry"),
          handoff: join(rig.handoffDir, "dry/attempt-1.json"),
        },
        payload: {
          agentId: "worker",
          idempotencyKey: "dry.1",
          timeoutSeconds: 300,
          wakeMode: "next-heartbeat",
        },
        message: expect.stringContaining("[ORCHESTRATED TASK — run_id: dry]\n"),
      });
      expect(document).not.toHaveProperty("agent.token");
      expect(rig.gateway.requests).toEqual([]);
      expect((await rig.inside(["show", "dry"])).exitCode).toBe(2);
    },
  );

  scenario(
    "with --format text shows the message as it would be sent",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { stdout } = await rig.inside([
        "worker",
        "do it",
        "-n",
        "--format",
        "text",
        "--run-id",
        "dry",
      ]);
      await rig.inside(["worker", "do it", "--run-id", "dry"]);
      const instant = /given at \S+/;
      const sent = messageOf(rig.gateway.sent[0]);
      expect(stdout.replace(instant, "")).toBe(sent.replace(instant, ""));
      expect(stdout.split("\n").slice(0, 2)).toEqual([
        "[ORCHESTRATED TASK — run_id: dry]",
        join(rig.handoffDir, "dry/attempt-1.json"),
      ]);
    },
  );

  scenario("keeps the values of a command's variables to itself", async ({ newRig, expect }) => {
    const rig = await newRig();
    const env = { API_KEY: "sk-secret", OTHER: { env: "FROM_HERE" } };
    rig.writeConfig({ agents: { coder: { command: ["cat"], env } } });
    const { stdout } = await rig.inside(["coder", "do it", "--dry-run"]);
    expect(stdout).not.toContain("sk-secret");
    expect(JSON.parse(stdout)).toMatchObject({
      agent: { command: ["cat"], env: { API_KEY: "[hidden]", OTHER: { env: "FROM_HERE" } } },
    });
  });

  scenario("of something that is not allowed ends as it would", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, document } = await rig.jsonInside([
      "worker",
      "do it",
      "--dry-run",
      "--caller",
      "nobody",
    ]);
    expect(exitCode).toBe(4);
    expect(document.error?.code).toBe("acl_denied");
  });
});

describe.concurrent("which config is used", () => {
  scenario("the nearest one upwards from here", async ({ newRig, expect }) => {
    const rig = await newRig();
    mkdirSync(join(rig.folder, "a/b"), { recursive: true });
    expect((await rig.inside(["worker", "do it"], { cwd: join(rig.folder, "a/b") })).exitCode).toBe(
      0,
    );
  });

  scenario("DELEGATE_CONFIG before that, and --config before that", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.write("by-env.json", JSON.stringify({ agents: { env: { url: rig.gateway.origin } } }));
    rig.write("by-flag.json", JSON.stringify({ agents: { flag: { url: rig.gateway.origin } } }));
    const env = { DELEGATE_CONFIG: "by-env.json" };
    expect((await rig.inside(["env", "do it"], { env })).exitCode).toBe(0);
    expect(
      (await rig.inside(["flag", "do it", "--config", "by-flag.json"], { env })).exitCode,
    ).toBe(0);
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"], { env });
    expect(exitCode).toBe(2);
    expect(document.error?.message).toContain("by-env.json");
  });

  scenario(
    "the user's own when there is none here, in XDG_CONFIG_HOME or ~/.config",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const project = await newRig();
      const text = JSON.stringify({
        agents: { own: { url: rig.gateway.origin } },
        handoffDir: "h",
        logDir: "l",
      });
      mkdirSync(join(rig.folder, "xdg/delegate"), { recursive: true });
      rig.write("xdg/delegate/delegate.config.json", text);
      const elsewhere = { cwd: "/", env: { XDG_CONFIG_HOME: join(rig.folder, "xdg") } };
      expect((await rig.inside(["own", "do it"], elsewhere)).exitCode).toBe(0);
      mkdirSync(join(project.folder, ".config/delegate"), { recursive: true });
      project.write(".config/delegate/delegate.config.json", text);
      expect((await project.run(["own", "do it"], { cwd: "/" })).exitCode).toBe(0);
    },
  );
});

describe.concurrent("--quiet, --verbose, --help and --version", () => {
  scenario(
    "--verbose tells each event on stderr, and stdout stays one document",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { stderr, document } = await rig.jsonInside(["worker", "do it", "--verbose"]);
      expect(document.status).toBe("complete");
      const lines = stderr.trimEnd().split("\n");
      expect(lines.length).toBeGreaterThanOrEqual(4);
      for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} \w+ \S/);
      expect(lines.at(-1)).toContain("ended: complete after 1 attempt");
    },
  );

  scenario(
    "without it stderr is empty, whatever color is asked for",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      for (const words of [[], ["--quiet"], ["--no-color"]]) {
        expect(
          (await rig.inside(["worker", "do it", ...words], { env: { NO_COLOR: "1" } })).stderr,
        ).toBe("");
      }
    },
  );

  scenario("--help explains every option; --version is one line", async ({ newRig, expect }) => {
    const rig = await newRig();
    const help = await rig.inside(["--help"]);
    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    for (const option of [
      "--no-wait",
      "--timeout",
      "--deadline",
      "--idle-timeout",
      "--retries",
      "--attempts",
      "--format",
      "--context",
      "--no-deliver",
      "--run-id",
      "--no-validate",
      "--schema",
      "--workflow-id",
      "--step-id",
      "--caller",
      "--parent",
      "--dry-run",
      "--no-health",
      "--config",
      "--quiet",
      "--verbose",
      "--no-color",
      "--help",
      "--version",
      "--task-file",
    ])
      expect(help.stdout).toContain(option);
    expect(help.stdout).toContain("attempts in all");
    expect((await rig.inside(["wait", "--help"])).stdout).toContain(
      "delegate wait <runId> [options]",
    );
    expect(await rig.inside(["--version"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect((await rig.inside([])).stdout).toBe(help.stdout);
  });
});
