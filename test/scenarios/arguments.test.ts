import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";
import type { Outcome } from "../../src/run/outcome.ts";
import { isAsleep, LOOKS_AT_REST } from "../rig/is-under-way.ts";
import { scenario } from "../rig/scenario.ts";
import type { CliEnd, Rig } from "../rig/rig.ts";

/** Runs a command that must be refused: exit 2, nothing sent, and what and what to do as a document and as two lines. */
async function refusal(
  rig: Rig,
  words: readonly string[],
  stdin?: string | Buffer,
): Promise<{ readonly message: string; readonly hint: string; readonly code: string }> {
  return judge(
    rig,
    stdin === undefined ? await rig.inside(words) : await rig.run(words, { stdin }),
  );
}

function judge(
  rig: Rig,
  { exitCode, stdout, stderr }: CliEnd,
): { readonly message: string; readonly hint: string; readonly code: string } {
  const { status, error }: Outcome = JSON.parse(stdout);
  if (exitCode !== 2 || status !== "error" || error === undefined)
    throw new Error(`not refused: exit code ${exitCode}, ${stdout}`);
  if (error.message === "" || error.hint === "" || /\n/.test(error.message + error.hint))
    throw new Error(`not one line of what and one of what to do: ${stdout}`);
  if (stderr !== `delegate: ${error.message}\n  to do: ${error.hint}\n`)
    throw new Error(`not the same on stderr: ${stderr}`);
  if (rig.gateway.requests.length > 0) throw new Error("something was sent");
  return error;
}

describe.concurrent("the program refuses", () => {
  for (const [what, words, code] of [
    ["an unknown agent", ["wroker", "do it"], "agent_unknown"],
    ["an empty task", ["worker", ""], "usage"],
    ["an id that leaves the folder", ["worker", "do it", "--run-id=../x"], "usage"],
    ["a time that is no number", ["worker", "do it", "--timeout", "abc"], "usage"],
    ["an unknown option", ["worker", "do it", "--timeuot", "5"], "usage"],
  ] as const) {
    scenario(`${what}, before anything is sent`, async ({ newRig, expect }) => {
      const rig = await newRig();
      expect(judge(rig, await rig.inside(words)).code).toBe(code);
    });
  }
});

describe.concurrent("the agent", () => {
  scenario("an unknown one is refused with the nearest name", async ({ newRig, expect }) => {
    const error = await refusal(await newRig(), ["wroker", "do it"]);
    expect(error).toMatchObject({ code: "agent_unknown", hint: "did you mean worker?" });
    expect(error.message).toContain('no agent "wroker"');
  });

  scenario(
    "one that is like no other is refused with the list of all",
    async ({ newRig, expect }) => {
      const error = await refusal(await newRig(), ["zzzzzzzz", "do it"]);
      expect(error.hint).toBe("agents there: worker");
    },
  );

  for (const name of ["__proto__", "constructor", "toString"]) {
    scenario(`${name} is no agent`, async ({ newRig, expect }) => {
      expect((await refusal(await newRig(), [name, "do it"])).code).toBe("agent_unknown");
    });
  }

  scenario("a mistyped command without a task is guessed", async ({ newRig, expect }) => {
    expect((await refusal(await newRig(), ["lsit"])).hint).toBe("did you mean delegate list?");
  });
});

describe.concurrent("the task", () => {
  for (const [what, task] of [
    ["an empty task", ""],
    ["a task of blanks", " \n\t "],
  ] as const) {
    scenario(`${what} is refused`, async ({ newRig, expect }) => {
      const error = await refusal(await newRig(), ["worker", task]);
      expect(error).toMatchObject({ code: "usage", message: "the task is empty" });
    });
  }

  scenario("an empty stdin is an empty task", async ({ newRig, expect }) => {
    expect((await refusal(await newRig(), ["worker", "-"], "")).message).toBe("the task is empty");
  });

  scenario("a missing task is refused, with how it is written", async ({ newRig, expect }) => {
    const error = await refusal(await newRig(), ["writer"]);
    expect(error).toMatchObject({
      message: "a task for writer is missing",
      hint: 'delegate writer "<task>"',
    });
  });

  scenario("a task without quotes is refused, with what to do", async ({ newRig, expect }) => {
    const error = await refusal(await newRig(), ["worker", "write", "a", "poem"]);
    expect(error).toMatchObject({
      message: '"a" is one word too many',
      hint: "put the task in quotes",
    });
  });

  scenario("a task that begins with a dash goes after --", async ({ newRig, expect }) => {
    const rig = await newRig();
    expect((await refusal(rig, ["writer", "-x"])).hint).toContain("needs -- before it");
    expect((await rig.inside(["worker", "--", "--list everything"])).exitCode).toBe(0);
    expect((await rig.inside(["--", "worker", "-x"])).exitCode).toBe(0);
    expect(
      rig.gateway.sent.map(({ body }) => /The task\n\n(.*)\n/.exec(String(body["message"]))?.[1]),
    ).toEqual(["--list everything", "-x"]);
  });

  scenario(
    "a task with quotes, dollars, backslashes and line breaks arrives letter by letter",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const task = `say "a" and 'b', $HOME, \\n and \`c\`\nsecond line — ß€🙂 \u202E`;
      expect((await rig.inside(["worker", task])).exitCode).toBe(0);
      expect(String(rig.gateway.sent[0]?.body["message"])).toContain(`## The task\n\n${task}`);
    },
  );

  scenario("a word and a --task-file are one task too many", async ({ newRig, expect }) => {
    expect(
      (await refusal(await newRig(), ["worker", "do it", "--task-file", "x"])).message,
    ).toContain("given twice");
  });

  scenario(
    "a message that is too large is refused before anything is asked or written",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("a.txt", "a".repeat(150_000));
      const error = await refusal(rig, [
        "worker",
        "do it",
        "--context",
        "a.txt",
        "--context",
        "a.txt",
      ]);
      expect(error.message).toMatch(
        /the message to worker is 30\d{4} bytes as JSON, and a gateway takes at most 262144/,
      );
      expect(error.hint).toContain("name its path in the task");
      expect(readdirSync(rig.folder)).not.toContain("handoffs");
    },
  );

  scenario(
    "what counts is the size as JSON: quotes and control characters take more",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.write("a.txt", '"'.repeat(140_000));
      expect((await refusal(rig, ["worker", "do it", "--context", "a.txt"])).message).toContain(
        "as JSON",
      );
    },
  );

  scenario(
    "a file that can't fit anyway is not even read to its end",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const error = await refusal(rig, ["worker", "do it", "--context", "/dev/zero"]);
      expect(error.message).toBe(
        "/dev/zero is larger than 262144 bytes, the most that a gateway takes",
      );
    },
  );
});

describe.concurrent("ids become folders, so an id", () => {
  const wrong: readonly (readonly [what: string, id: string])[] = [
    ["that climbs up", "../x"],
    ["that is absolute", "/tmp/x"],
    ["that is a path", "a/b"],
    ["of 200 letters", "a".repeat(200)],
    ["with a dot first", ".gateway"],
    ["with a line break", "a\nb"],
    ["with a NUL written out", "a%00b c"],
    ["of two dots", ".."],
  ];
  for (const [what, id] of wrong) {
    scenario(`${what} is refused, wherever it is given`, async ({ newRig, expect }) => {
      const rig = await newRig();
      const run = await refusal(rig, ["worker", "do it", `--run-id=${id}`]);
      expect(run.message).toBe(`${JSON.stringify(id)} can't be a run id`);
      expect((await refusal(rig, ["wait", id])).code).toBe("usage");
      expect(readdirSync(rig.folder)).not.toContain("handoffs");
    });
  }

  for (const [option, kind] of [
    ["--parent", "parent run"],
    ["--workflow-id", "workflow"],
    ["--step-id", "step"],
  ] as const) {
    scenario(`given as ${option} is checked just so`, async ({ newRig, expect }) => {
      const error = await refusal(await newRig(), ["worker", "do it", option, "../x"]);
      expect(error.message).toBe(`"../x" can't be a ${kind} id`);
    });
  }
});

describe.concurrent("numbers", () => {
  for (const option of ["--timeout", "--deadline", "--idle-timeout"]) {
    scenario(`${option} takes only a time`, async ({ newRig, expect }) => {
      const rig = await newRig();
      for (const text of ["abc", "0", "-5", "1e999", "2592001", "5m"]) {
        const error = await refusal(rig, ["worker", "do it", option, text]);
        expect(error.message).toBe(`${option} ${JSON.stringify(text)} is no time`);
        expect(error.hint).toContain("seconds as a number above 0");
      }
    });
  }

  scenario("--timeout without a value is refused", async ({ newRig, expect }) => {
    expect((await refusal(await newRig(), ["worker", "do it", "--timeout"])).message).toBe(
      "--timeout needs a value",
    );
  });

  scenario("--retries takes only a count", async ({ newRig, expect }) => {
    const rig = await newRig();
    for (const text of ["0", "-1", "two", "1.5"])
      expect((await refusal(rig, ["worker", "do it", "--retries", text])).message).toContain(
        "is no count",
      );
  });
});

describe.concurrent("options", () => {
  scenario("an unknown one is refused with the nearest", async ({ newRig, expect }) => {
    const error = await refusal(await newRig(), ["worker", "do it", "--timeuot", "5"]);
    expect(error).toMatchObject({
      message: "unknown option --timeuot",
      hint: "did you mean --timeout?",
    });
  });

  scenario("--format takes json or text", async ({ newRig, expect }) => {
    const error = await refusal(await newRig(), ["worker", "do it", "--format", "jsn"]);
    expect(error.hint).toBe("did you mean json?");
  });

  scenario("with --format text a misuse is told on stderr only", async ({ newRig, expect }) => {
    const rig = await newRig();
    for (const words of [["--format", "text"], ["--format=text"]]) {
      expect(await rig.inside(["worker", "do it", "--nope", ...words])).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringMatching(/^delegate: unknown option --nope\n {2}to do: .*\n$/),
      });
    }
  });
});

describe.concurrent("a misuse of any command", () => {
  const misuses: readonly (readonly [readonly string[], string])[] = [
    [["wait", "r", "--nope"], "unknown option --nope"],
    [["--nope", "wait", "r"], "unknown option --nope"],
    [["list", "--json", "--nope"], "unknown option --nope"],
    [["list", "--limit", "0", "--json"], '--limit "0" is no count'],
    [["show", "--json"], "a run id is missing"],
    [["handoff", "chekc", "--json"], '"chekc" is not known here'],
    [["show", "nothing", "--json"], "there is no run nothing in"],
    [["show", "../x", "--json"], '"../x" can\'t be a run id'],
    [["acl", "explain", "a", "b", "--json"], 'there is no agent "b"'],
  ];
  for (const [words, message] of misuses) {
    scenario(
      `delegate ${words.join(" ")}: one document, and the lines`,
      async ({ newRig, expect }) => {
        expect((await refusal(await newRig(), words)).message).toContain(message);
      },
    );
  }

  for (const words of [
    ["list", "--nope"],
    ["wait", "--format=text"],
    ["wait", "../x", "--format", "text"],
    ["worker", "", "--format", "text"],
    ["wroker", "do it", "--format", "text"],
    ["logs", "--json", "--nope"],
    ["init", "--json"],
    ["help", "lsit"],
  ]) {
    scenario(
      `delegate ${words.join(" ")}: the lines alone, for its output is no document`,
      async ({ newRig, expect }) => {
        expect(await (await newRig()).run(words)).toMatchObject({
          exitCode: 2,
          stdout: "",
          stderr: expect.stringMatching(/^delegate: .+\n {2}to do: .+\n$/),
        });
      },
    );
  }
});

describe.concurrent("options before the command", () => {
  scenario("count as well as behind it", async ({ newRig, expect }) => {
    const rig = await newRig();
    const config = `${rig.folder}/delegate.config.json`;
    await rig.inside(["worker", "do it", "--run-id", "one"]);
    for (const words of [
      ["--config", config, "list", "--json"],
      [`--config=${config}`, "--json", "list"],
      ["--limit", "1", "--json", "--config", config, "list"],
      ["-q", "--json", "list", "--config", config],
    ]) {
      const { exitCode, stdout } = await rig.inside(words, { cwd: "/" });
      expect({ exitCode, runs: JSON.parse(stdout).runs.length }).toEqual({ exitCode: 0, runs: 1 });
    }
    const help = (await rig.inside(["list", "--help"])).stdout;
    expect((await rig.inside(["--help", "list"])).stdout).toBe(help);
    expect((await rig.inside(["help", "list"])).stdout).toBe(help);
  });

  scenario("the value of one is no command", async ({ newRig, expect }) => {
    const rig = await newRig();
    const { exitCode, document } = await rig.jsonInside(["--step-id", "wait", "worker", "do it"]);
    expect({ exitCode, stepId: document.stepId }).toEqual({ exitCode: 0, stepId: "wait" });
  });
});

describe.concurrent("files", () => {
  scenario("stdin can't be read twice", async ({ newRig, expect }) => {
    const rig = await newRig();
    const twice = [
      ["worker", "-", "--context", "-"],
      ["worker", "do it", "--context", "-", "--context", "-"],
      ["worker", "--task-file", "-", "--context", "-"],
    ];
    for (const words of twice)
      expect((await refusal(rig, words, "text")).message).toBe("stdin can be read only once");
  });

  for (const option of ["--context", "--task-file", "--schema"]) {
    scenario(
      `${option}: a file that is not there, a folder, and what is not UTF-8 are refused`,
      async ({ newRig, expect }) => {
        const rig = await newRig();
        mkdirSync(join(rig.folder, "folder"));
        writeFileSync(join(rig.folder, "latin"), Buffer.from([0x66, 0xfc, 0x72]));
        const words = option === "--task-file" ? ["worker"] : ["worker", "do it"];
        expect((await refusal(rig, [...words, option, "nowhere"])).message).toBe(
          "nowhere does not exist",
        );
        expect((await refusal(rig, [...words, option, "folder"])).message).toBe(
          "folder is a folder",
        );
        expect((await refusal(rig, [...words, option, "latin"])).message).toBe(
          "latin is not UTF-8",
        );
        writeFileSync(join(rig.folder, "wide"), Buffer.from("do it", "utf16le"));
        expect((await refusal(rig, [...words, option, "wide"])).message).toBe(
          "wide is not text in UTF-8",
        );
      },
    );
  }

  scenario(
    "while it reads from a pipe that nobody closes, a signal ends it",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      const { child, end } = rig.start(["worker", "-"], { stdin: null });
      child.stdin.write("half a task");
      await isAsleep(child.pid, LOOKS_AT_REST);
      child.kill("SIGTERM");
      expect(await end).toMatchObject({ signal: "SIGTERM", stdout: "", stderr: "" });
    },
  );
});
