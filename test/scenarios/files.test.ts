import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe } from "vitest";
import { documentOf } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import type { HookBehavior, ReceivedCall } from "../rig/steered-gateway.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import { isAtRest } from "../rig/is-under-way.ts";

/** Admits, and then does what a test wants done at the handoff's path. */
function agentThat(
  write: (path: string, call: ReceivedCall) => void | Promise<void>,
): HookBehavior {
  return async (call, response) => {
    admit(response);
    mkdirSync(dirname(call.handoffPath), { recursive: true });
    await write(call.handoffPath, call);
  };
}

const textOf = (call: ReceivedCall, more: object = {}): string =>
  JSON.stringify(goodHandoff(call, more));

describe("a file that is not written in one go is still the result", () => {
  scenario("half of it, then all of it", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat(async (path, call) => {
      const text = textOf(call);
      writeFileSync(path, text.slice(0, text.length / 2));
      await sleep(100);
      writeFileSync(path, text);
    });
    const { exitCode, document, stderr } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ status: "complete", attempts: 1 });
    expect(stderr).toBe("");
  });

  scenario("byte by byte", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat(async (path, call) => {
      const file = openSync(path, "w");
      for (const letter of textOf(call, { result: "ß€🙂" })) {
        writeFileSync(file, letter);
        await new Promise((resolve) => setImmediate(resolve));
      }
      closeSync(file);
    });
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ result: "ß€🙂" });
  });

  scenario("empty first", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat(async (path, call) => {
      writeFileSync(path, "");
      await sleep(100);
      writeFileSync(path, textOf(call));
    });
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
    expect(document.status).toBe("complete");
  });

  scenario("in several writes of which each begins anew", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat(async (path, call) => {
      const text = textOf(call);
      for (const part of [0.2, 0.1, 0.9, 0.5, 1]) {
        writeFileSync(path, text.slice(0, text.length * part));
        await sleep(10);
      }
    });
    const { exitCode } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
  });

  scenario("under another name, then renamed", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat((path, call) => {
      writeFileSync(`${path}.tmp`, textOf(call));
      renameSync(`${path}.tmp`, path);
    });
    const { exitCode } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
  });

  scenario("with a byte order mark", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat((path, call) => writeFileSync(path, `\uFEFF${textOf(call)}`));
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
    expect(document.status).toBe("complete");
  });

  scenario("deleted half-written, and written anew", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat(async (path, call) => {
      writeFileSync(path, "{");
      await sleep(50);
      rmSync(path);
      await sleep(50);
      writeFileSync(path, textOf(call));
    });
    const { exitCode } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
  });

  scenario("where the file system notifies nobody and is polled", async ({ newRig, expect }) => {
    const rig = await newRig({ watch: "poll" });
    rig.gateway.onHook = agentThat(async (path, call) => {
      writeFileSync(path, "{");
      await sleep(150);
      writeFileSync(path, textOf(call));
    });
    const { exitCode } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(0);
  });
});

describe("a file that can't be a handoff ends in one sentence that says why", () => {
  const cases: readonly (readonly [string, (path: string, call: ReceivedCall) => void, RegExp])[] =
    [
      [
        "cut off for good",
        (path) => writeFileSync(path, '{"status": "comp'),
        /not valid JSON: line 1/,
      ],
      [
        "not UTF-8",
        (path) => writeFileSync(path, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])),
        /not valid UTF-8/,
      ],
      ["UTF-16", (path, call) => writeFileSync(path, `\uFEFF${textOf(call)}`, "utf16le"), /UTF-16/],
      [
        "64 MiB",
        (path) => {
          writeFileSync(`${path}.tmp`, "");
          truncateSync(`${path}.tmp`, 64 * 1024 * 1024);
          renameSync(`${path}.tmp`, path);
        },
        /larger than 16 MiB/,
      ],
      [
        "nested 200,000 deep",
        (path) => writeFileSync(path, "[".repeat(200_000) + "]".repeat(200_000)),
        /levels deep/,
      ],
      [
        "nested 200,000 deep below data",
        (path, call) =>
          writeFileSync(
            path,
            textOf(call).replace(
              /}$/,
              `,"data":${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}}`,
            ),
          ),
        /levels deep/,
      ],
      [
        "a symbolic link, even to a good handoff",
        (path, call) => {
          writeFileSync(`${path}.real`, textOf(call));
          symlinkSync(`${path}.real`, path);
        },
        /a symbolic link in the handoff's place/,
      ],
      [
        "a dangling link",
        (path) => symlinkSync("nowhere", path),
        /a symbolic link in the handoff's place/,
      ],
      ["a FIFO", (path) => void spawnSync("mkfifo", [path]), /a FIFO in the handoff's place/],
      ["a folder", (path) => mkdirSync(path), /a folder in the handoff's place/],
      ["an array", (path) => writeFileSync(path, "[]"), /one JSON object/],
      [
        "Markdown around it",
        (path, call) => writeFileSync(path, `\`\`\`json\n${textOf(call)}\n\`\`\`\n`),
        /Markdown fence/,
      ],
    ];

  for (const [title, write, sentence] of cases) {
    scenario(title, async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = agentThat(write);
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(5);
      expect(document).toMatchObject({
        status: "malformed",
        error: { code: "malformed", retryable: true },
      });
      expect(document.error?.message).toMatch(sentence);
      expect(document.error?.message).not.toContain("\n");
    });
  }

  scenario(
    "a file that stays empty is no handoff, once the time is over",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = agentThat((path) => writeFileSync(path, ""));
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--timeout", "0.3"]);
      expect(exitCode).toBe(5);
      expect(document.error).toMatchObject({ code: "malformed" });
      expect(document.error?.message).toContain("empty");
    },
  );
});

describe("a handoff that does not fit", () => {
  scenario(
    "of another run and another agent is turned down, with both named",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = agentThat((path, call) =>
        writeFileSync(path, textOf(call, { runId: "other", agent: "somebody" })),
      );
      const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
      expect(exitCode).toBe(5);
      expect(document.error).toMatchObject({ code: "invalid" });
      expect(document.error?.problems?.map(({ at }) => at).toSorted()).toEqual([
        "/agent",
        "/runId",
      ]);
    },
  );

  scenario("all that is wrong is told at once", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat((path) =>
      writeFileSync(path, JSON.stringify({ status: "done", confidence: 0.9 })),
    );
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(5);
    const places = new Set(document.error?.problems?.map(({ at }) => at));
    for (const place of ["/status", "/confidence", "/result", "/timestamp"])
      expect([...places].join(" ")).toContain(place.slice(1));
  });

  scenario(
    "is good enough with --no-validate when it has a status and a result",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = agentThat((path) =>
        writeFileSync(path, '{"status":"complete","result":"ok"}'),
      );
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--no-validate"]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ status: "complete", result: "ok" });
    },
  );

  scenario(
    "invalid, but corrected before the retry is due: that is the result, and nothing is sent again",
    async ({ newRig, expect }) => {
      const rig = await newRig({ retry: { baseMs: 2_000, maxMs: 2_000 } });
      rig.gateway.onHook = agentThat(async (path, call) => {
        writeFileSync(path, '{"status":"complete"}');
        await rig.hasHappened(call.runId, "retry_scheduled");
        writeFileSync(path, textOf(call));
      });
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ status: "complete", attempts: 1 });
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "--schema: wrong data is told to the agent, and its second answer fits",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write(
        "schema.json",
        JSON.stringify({
          type: "object",
          required: ["count"],
          properties: { count: { type: "integer" } },
        }),
      );
      rig.gateway.onHook = agentThat((path, call) =>
        writeFileSync(path, textOf(call, { data: { count: call.number === 1 ? "two" : 2 } })),
      );
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "count",
        "--schema",
        "schema.json",
        "--retries",
        "2",
      ]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ attempts: 2, data: { count: 2 } });
      expect(rig.gateway.sent[0]?.body["message"]).toContain('"integer"');
      expect(rig.gateway.sent[1]?.body["message"]).toContain("/data/count");
    },
  );
});

describe("late and slow agents", () => {
  scenario(
    "the file of attempt 1 that arrives during attempt 2 is the result",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (call, response) => {
        admit(response);
        const [first] = rig.gateway.sent;
        if (call.number === 2 && first)
          writeAsAgent(first.handoffPath, goodHandoff(call, { result: "late" }));
      };
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "do it",
        "--timeout",
        "0.3",
        "--retries",
        "2",
        "--run-id",
        "r",
      ]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ status: "complete", result: "late", attempts: 2 });
      expect(rig.events("r").find(({ type }) => type === "handoff_accepted")).toMatchObject({
        attempt: 1,
        isLate: true,
      });
    },
  );

  scenario(
    "a file that arrives after the timeout is found by wait, and by the same --run-id",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = (_call, response) => admit(response);
      const first = await rig.jsonInside(["worker", "do it", "--timeout", "0.2", "--run-id", "r"]);
      expect(first.exitCode).toBe(3);
      expect(first.document).toMatchObject({ status: "timeout", error: { code: "timeout" } });
      expect(first.document.error?.hint).toContain("delegate wait r");
      const stillNothing = await rig.jsonInside(["wait", "r"]);
      expect(stillNothing.exitCode).toBe(3);
      writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
      const waited = await rig.jsonInside(["wait", "r"]);
      expect(waited.exitCode).toBe(0);
      expect(waited.document).toMatchObject({ status: "complete", result: "done: r" });
      const again = await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
      expect(again.document).toEqual(waited.document);
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario("wait --timeout stays for a file that is still to come", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    await rig.jsonInside(["worker", "do it", "--timeout", "0.1", "--run-id", "r"]);
    const waiting = rig.jsonInside(["wait", "r", "--timeout", "20"]);
    await rig.hasHappened("r", "driver_took_over");
    writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
    const { exitCode, document } = await waiting;
    expect(exitCode).toBe(0);
    expect(document.status).toBe("complete");
  });

  scenario(
    "without further signs of life --idle-timeout ends the wait, with the agent's last words",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = agentThat((path) =>
        writeFileSync(path, JSON.stringify({ status: "working", notes: "page 7 of 90" })),
      );
      const { exitCode, document } = await rig.jsonInside([
        "worker",
        "do it",
        "--idle-timeout",
        "0.4",
      ]);
      expect(exitCode).toBe(3);
      expect(document).toMatchObject({
        status: "timeout",
        lastWords: "page 7 of 90",
        error: { code: "timeout" },
      });
      expect(document.error?.message).toContain("sign of life");
    },
  );

  scenario(
    "blocked is exit 7 with the question, and is never tried again",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = agentThat((path, call) =>
        writeFileSync(
          path,
          textOf(call, {
            status: "blocked",
            result: "I need to know more",
            deliverable: null,
            questions: [{ id: "q1", text: "Which city?" }],
          }),
        ),
      );
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "3"]);
      expect(exitCode).toBe(7);
      expect(document).toMatchObject({
        status: "blocked",
        attempts: 1,
        error: { code: "agent_blocked" },
        questions: [{ text: "Which city?" }],
      });
      expect(document.error?.message).toContain("Which city?");
      expect(rig.gateway.sent).toHaveLength(1);
    },
  );

  scenario(
    "failed is tried again, and in the end is exit 1 with the agent's own words",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = agentThat((path, call) =>
        writeFileSync(
          path,
          textOf(call, { status: "failed", result: `no luck ${call.number}`, deliverable: null }),
        ),
      );
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--retries", "2"]);
      expect(exitCode).toBe(1);
      expect(document).toMatchObject({
        status: "failed",
        result: "no luck 2",
        attempts: 2,
        error: { code: "agent_failed" },
      });
    },
  );
});

describe("the run's folder is deleted under us", () => {
  scenario("while waiting: said at once, and not waited for", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat((path) =>
      rmSync(dirname(path), { recursive: true, force: true }),
    );
    const { exitCode, document } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(74);
    expect(document.error).toMatchObject({ code: "storage_failed" });
    expect(document.error?.message).toContain("deleted");
  });

  scenario("with all other runs", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = agentThat(() => rmSync(rig.handoffDir, { recursive: true, force: true }));
    const { exitCode } = await rig.jsonInside(["worker", "do it"]);
    expect(exitCode).toBe(74);
  });

  scenario("while another process follows it: said by both", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (_call, response) => admit(response);
    const driver = rig.jsonInside(["worker", "do it", "--run-id", "r"]);
    await rig.hasHappened("r", "attempt_admitted");
    const follower = rig.start(["wait", "r"]);
    await isAtRest(follower);
    rmSync(`${rig.handoffDir}/r`, { recursive: true, force: true });
    for (const { exitCode, document } of await Promise.all([driver, documentOf(follower)])) {
      expect(document.error).toMatchObject({ code: "storage_failed" });
      expect(exitCode).toBe(74);
    }
  });

  scenario("afterwards the run is unknown", async ({ newRig, expect }) => {
    const rig = await newRig();
    await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
    rmSync(`${rig.handoffDir}/r`, { recursive: true });
    const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
    expect(exitCode).toBe(2);
    expect(document.error).toMatchObject({ code: "run_unknown" });
  });
});
