import { existsSync, readFileSync } from "node:fs";
import { describe } from "vitest";
import type { Outcome } from "../../src/run/outcome.ts";
import { launcher } from "../rig/rig.ts";
import type { Rig } from "../rig/rig.ts";
import { scenario } from "../rig/scenario.ts";
import { admit, goodHandoff, writeAsAgent } from "../rig/steered-gateway.ts";
import type { HookBehavior } from "../rig/steered-gateway.ts";
import { until } from "../rig/until.ts";

const which = { text: "Which database?", options: ["PostgreSQL", "SQLite"] };

/** An agent that asks in its first attempts, and then is done. */
function asksFirst(questions: readonly object[], attempts = 1): HookBehavior {
  return (call, response) => {
    admit(response);
    const blocked = { status: "blocked", result: "half of it", deliverable: null, questions };
    writeAsAgent(call.handoffPath, goodHandoff(call, call.number <= attempts ? blocked : {}));
  };
}

/** What who stays for the answer reads on stderr. */
const askedLines = `worker asks: Which database? (1) PostgreSQL (2) SQLite
  to do: delegate answer r.q1 --option <n>
`;

/** A run that has asked and that nobody waits for. */
async function blockedRun(rig: Rig, questions: readonly object[] = [which]): Promise<void> {
  rig.gateway.onHook = asksFirst(questions);
  await rig.inside(["worker", "do it", "--run-id", "r"]);
}

function messageOf(rig: Rig, attempt: number): string {
  return rig.read(`handoffs/r/attempt-${attempt}.md`);
}

interface Listed {
  readonly id: string;
  readonly text: string;
  readonly isOpen: boolean;
  readonly answer: { readonly by: string; readonly text: string } | null;
  readonly proposal: { readonly text: string; readonly reason: string } | null;
}

async function questionsIn(rig: Rig, ...words: readonly string[]): Promise<readonly Listed[]> {
  const { stdout } = await rig.inside(["questions", "--json", ...words]);
  const { questions }: { questions: readonly Listed[] } = JSON.parse(stdout);
  return questions;
}

/** A command agent that asks while it works, and hands over what it was told. */
function askingAgent(options: string): object {
  const ask = `"${process.execPath}" "${launcher}" handoff ask "Which database?" ${options}`;
  const handoff = `{"status":"complete","result":"code %s: %s"}`;
  const script = `answer=$(${ask} 2>ask.err); printf '${handoff}' "$?" "$answer" > "$DELEGATE_HANDOFF_PATH"`;
  return { agents: { asker: { command: ["sh", "-c", script] } } };
}

/** A config with a foreman, and a gateway at which the worker asks first and the foreman says what is given. */
async function withForeman(
  newRig: (config: object) => Promise<Rig>,
  verdicts: readonly object[],
  settings: object = {},
): Promise<Rig> {
  const rig = await newRig({ requireCaller: false });
  rig.writeConfig({
    agents: {
      worker: { url: rig.gateway.origin, token: { file: "token" } },
      manager: { url: rig.gateway.origin, token: { file: "token" } },
    },
    questions: { foreman: "manager", ...settings },
  });
  let asked = 0;
  const worker = asksFirst([which]);
  let isFirst = true;
  rig.gateway.onHook = (call, response) => {
    if (call.body["agentId"] !== "manager") {
      const number = isFirst ? 1 : 2;
      isFirst = false;
      return worker({ ...call, number }, response);
    }
    admit(response);
    const verdict = verdicts[Math.min(asked, verdicts.length - 1)];
    asked += 1;
    writeAsAgent(call.handoffPath, goodHandoff(call, { agent: "manager", ...verdict }));
  };
  return rig;
}
const saying = (answer: string, isSure: boolean): object => ({
  data: { answer, isSure, reason: "it is small" },
});

describe("a run whose agent asks", () => {
  scenario(
    "is left with exit code 7 and the questions, and goes on with the answer when it is waited for",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = asksFirst([which]);
      const asked = await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
      expect(asked).toMatchObject({ exitCode: 7, stderr: "" });
      expect(asked.document).toMatchObject({
        status: "blocked",
        attempts: 1,
        questions: [{ id: "r.q1", ...which }],
        error: { code: "agent_blocked", message: "worker is blocked and asks: Which database?" },
      });
      expect(asked.document.error?.hint).toBe(
        'delegate answer r.q1 --option <n> (1 PostgreSQL, 2 SQLite) or "<answer>", then delegate wait r',
      );
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(7);
      const answered = await rig.inside(["answer", "r.q1", "SQLite", "--by", "anna"]);
      expect(answered).toMatchObject({ exitCode: 0, stdout: "r.q1: answered: SQLite\n" });
      expect(answered.stderr).toContain("to do: delegate wait r");
      const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ status: "complete", attempts: 2, result: "done: r" });
      const message = messageOf(rig, 2);
      expect(message).toContain("Question: Which database?\n\nAnswer of anna: SQLite");
      expect(message).toContain("half of it");
      expect(message).toContain("This is attempt 2 of at most 2. The task");
      expect(rig.events("r").find(({ type }) => type === "question_answered")).toMatchObject({
        questionId: "r.q1",
        answer: "SQLite",
        by: "anna",
        channel: "terminal",
        onProposalOf: null,
      });
    },
  );

  scenario("is waited for with --on-question wait", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = asksFirst([which]);
    const running = rig.inside(["worker", "do it", "--run-id", "r", "--on-question", "wait"]);
    await rig.hasHappened("r", "question_opened");
    expect((await rig.inside(["list"])).stdout).toContain("asking");
    const other = rig.start(["wait", "r", "--on-question", "wait"]);
    await until(() => other.errors() === askedLines, "the question at who came second");
    const answered = await rig.inside(["answer", "r.q1", "--option", "1"]);
    expect(answered).toMatchObject({ stdout: "r.q1: answered: PostgreSQL\n", stderr: "" });
    expect(await running).toMatchObject({ exitCode: 0, stderr: askedLines });
    expect(await other.end).toMatchObject({ exitCode: 0, stderr: askedLines });
  });

  scenario(
    "asks through one process, and another that does not wait for people is told at once",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = asksFirst([which]);
      const running = rig.inside(["worker", "do it", "--run-id", "r", "--on-question", "wait"]);
      await rig.hasHappened("r", "question_opened");
      const told = await rig.jsonInside(["wait", "r"]);
      expect(told.exitCode).toBe(7);
      expect(told.document.questions).toMatchObject([{ id: "r.q1" }]);
      await rig.inside(["skip", "r.q1"]);
      expect((await running).exitCode).toBe(0);
    },
  );

  scenario("goes on when all of its questions are closed", async ({ newRig, expect }) => {
    const rig = await newRig();
    await blockedRun(rig, [which, { text: "Which port?" }]);
    await rig.run(["answer", "r.q2", "-"], { stdin: "8080\n" });
    const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
    expect(exitCode).toBe(7);
    expect(document.questions).toMatchObject([{ id: "r.q1" }]);
    expect(await rig.inside(["skip", "r.q1", "--by", "bob"])).toMatchObject({
      stdout: "r.q1: skipped\n",
    });
    expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
    expect(messageOf(rig, 2)).toContain("Answer of a person: 8080");
    expect(messageOf(rig, 2)).toContain("No answer: bob skipped it.");
  });

  scenario(
    "asks at most five times, and no question counts against its retries",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = asksFirst([{ text: "And now?" }], 99);
      const running = rig.inside(["worker", "do it", "--run-id", "r", "--on-question", "wait"]);
      for (let round = 1; round <= 5; round += 1) {
        await rig.hasHappened("r", "question_opened", round);
        await rig.inside(["skip", `r.q${round}`]);
      }
      const { exitCode, stdout } = await running;
      expect(exitCode).toBe(7);
      const outcome: Outcome = JSON.parse(stdout);
      expect(outcome).toMatchObject({ status: "blocked", attempts: 6 });
      expect(outcome.error?.message).toBe(
        "worker has asked 5 times already and asks again: And now?",
      );
      expect(await questionsIn(rig, "--open")).toEqual([]);
    },
  );

  scenario("without a question of its own ends as blocked", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (call, response) => {
      admit(response);
      const more = { status: "blocked", notes: "the key is missing", deliverable: null };
      writeAsAgent(call.handoffPath, goodHandoff(call, more));
    };
    expect((await rig.jsonInside(["worker", "do it", "--run-id", "r"])).exitCode).toBe(7);
    expect(rig.events("r").at(-1)).toMatchObject({ type: "run_ended", status: "blocked" });
  });

  scenario("still takes what its agent hands over all the same", async ({ newRig, expect }) => {
    const rig = await newRig();
    await blockedRun(rig);
    writeAsAgent(`${rig.handoffDir}/r/attempt-1.json`, goodHandoff({ runId: "r" }));
    expect((await rig.jsonInside(["wait", "r"])).document.status).toBe("complete");
    expect(await questionsIn(rig, "--open")).toEqual([]);
    const late = await rig.inside(["answer", "r.q1", "SQLite"]);
    expect(late).toMatchObject({ exitCode: 2, stdout: "" });
    expect(late.stderr).toContain("r.q1 is closed: its run has ended without an answer");
  });

  scenario("can be canceled, which closes its questions", async ({ newRig, expect }) => {
    const rig = await newRig();
    await blockedRun(rig);
    await rig.inside(["cancel", "r"]);
    expect(await questionsIn(rig, "--open")).toEqual([]);
    expect((await rig.inside(["answer", "r.q1", "SQLite"])).exitCode).toBe(2);
    expect((await rig.jsonInside(["wait", "r"])).document).toMatchObject({ status: "canceled" });
  });

  scenario(
    "that nobody has waited for is listed and answered, and goes on with the answer once somebody does",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      rig.gateway.onHook = asksFirst([which]);
      await rig.inside(["worker", "do it", "--run-id", "r", "--no-wait"]);
      const lists = [questionsIn(rig, "--open"), questionsIn(rig), questionsIn(rig, "--open")];
      for (const list of await Promise.all(lists))
        expect(list).toMatchObject([{ id: "r.q1", text: which.text, isOpen: true }]);
      expect((await rig.inside(["answer", "r.q1", "SQLite"])).exitCode).toBe(0);
      expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
      expect(messageOf(rig, 2)).toContain("SQLite");
      expect(rig.events("r").filter(({ type }) => type === "question_opened")).toHaveLength(1);
    },
  );

  scenario("that was left says again what it asks to who stays", async ({ newRig, expect }) => {
    const rig = await newRig();
    await blockedRun(rig);
    const next = rig.start(["wait", "r", "--on-question", "wait"]);
    await until(() => next.errors() === askedLines, "the question");
    await rig.inside(["answer", "r.q1", "--option", "2"]);
    expect(await next.end).toMatchObject({ exitCode: 0, stderr: askedLines });
  });

  scenario("is not removed by prune while it asks", async ({ newRig, expect }) => {
    const rig = await newRig();
    await blockedRun(rig);
    await rig.inside(["prune", "--older-than", "1s"]);
    expect(existsSync(`${rig.handoffDir}/r`)).toBe(true);
  });

  scenario("keeps its place when the process that waits is killed", async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = asksFirst([which]);
    const running = rig.start(["worker", "do it", "--run-id", "r", "--on-question", "wait"]);
    await rig.hasHappened("r", "question_opened");
    running.child.kill("SIGKILL");
    await running.end;
    await rig.inside(["answer", "r.q1", "SQLite"]);
    const next = await rig.jsonInside(["wait", "r", "--on-question", "wait"]);
    expect(next).toMatchObject({ exitCode: 0, stderr: "" });
    expect(rig.events("r").filter(({ type }) => type === "question_opened")).toHaveLength(1);
    expect(rig.gateway.sent).toHaveLength(2);
  });
});

describe("delegate answer", () => {
  scenario("tells who comes second who answered what", async ({ newRig, expect }) => {
    const rig = await newRig();
    await blockedRun(rig);
    await rig.inside(["answer", "r.q1", "SQLite", "--by", "anna"]);
    const second = await rig.inside(["answer", "r.q1", "PostgreSQL", "--by", "bob"]);
    expect(second).toMatchObject({ exitCode: 2, stdout: "" });
    expect(second.stderr).toContain("r.q1 is closed already, answered by anna: SQLite");
    expect((await rig.inside(["skip", "r.q1"])).stderr).toContain("answered by anna");
  });

  scenario("takes one of two answers that come at once", async ({ newRig, expect }) => {
    const rig = await newRig();
    await blockedRun(rig);
    const names = ["anna", "bob", "carl"];
    const ends = await Promise.all(
      names.map((name) => rig.run(["answer", "r.q1", `from ${name}`, "--by", name])),
    );
    expect(ends.map(({ exitCode }) => exitCode).toSorted((a, b) => Number(a) - Number(b))).toEqual([
      0, 2, 2,
    ]);
    const [listed] = await questionsIn(rig);
    expect(listed?.answer?.text).toBe(`from ${listed?.answer?.by}`);
    for (const { exitCode, stderr } of ends)
      if (exitCode === 2) expect(stderr).toContain(`answered by ${listed?.answer?.by}`);
    await rig.inside(["wait", "r"]);
    expect(rig.events("r").filter(({ type }) => type === "question_answered")).toHaveLength(1);
  });

  scenario("says what is wrong with a question or an answer", async ({ newRig, expect }) => {
    const rig = await newRig();
    await blockedRun(rig, [{ ...which, freeText: false }]);
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [["r.q2", "x"], 'there is no question "r.q2"'],
      [["nothing.q1", "x"], 'there is no question "nothing.q1"'],
      [["../../etc", "x"], 'there is no question "../../etc"'],
      [["r.q1", "MySQL"], "the answer must be one of: PostgreSQL, SQLite"],
      [["r.q1", " "], "the answer is empty"],
      [["r.q1", "--option", "3"], "there is no option 3"],
      [["r.q1", "--approve"], "nothing is proposed to r.q1"],
      [["r.q1", "--discuss", "why?"], "nothing is proposed to r.q1"],
      [["r.q1", "SQLite", "--option", "2"], "one answer is enough"],
      [["r.q1"], "an answer is missing"],
    ];
    for (const [words, message] of wrong) {
      const { exitCode, stdout, stderr } = await rig.inside(["answer", ...words]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain(message);
    }
    expect((await questionsIn(rig, "--open")).map(({ id }) => id)).toEqual(["r.q1"]);
  });
});

describe("delegate questions", () => {
  scenario(
    "lists what is open, and without --open what was answered",
    async ({ newRig, expect }) => {
      const rig = await newRig();
      expect(await rig.inside(["questions", "--open"])).toMatchObject({
        exitCode: 0,
        stdout: "",
        stderr: "delegate: no open questions\n",
      });
      await blockedRun(rig, [which, { text: "Which port?" }]);
      await rig.inside(["answer", "r.q2", "8080", "--by", "anna"]);
      expect((await questionsIn(rig, "--open")).map(({ id }) => id)).toEqual(["r.q1"]);
      expect(await questionsIn(rig)).toMatchObject([
        { id: "r.q1", isOpen: true, answer: null },
        { id: "r.q2", isOpen: false, answer: { by: "anna", text: "8080" } },
      ]);
      const { stdout } = await rig.inside(["questions"]);
      expect(stdout).toContain("Which database?\n  1 PostgreSQL\n  2 SQLite\n");
      expect(stdout).toContain("  answered by anna: 8080\n");
      expect((await rig.inside(["list", "--status", "asking"])).stdout).toMatch(/^r {2}asking /);
    },
  );
});

describe("delegate handoff ask", () => {
  const start = ["asker", "do it", "--run-id", "r", "--no-validate"];

  scenario("waits for the answer and prints it", async ({ newRig, expect }) => {
    const rig = await newRig(askingAgent('--option PostgreSQL --option "SQLite" --wait'));
    const running = rig.inside(start);
    await rig.hasHappened("r", "question_opened");
    expect(await questionsIn(rig, "--open")).toMatchObject([{ id: "r.q1", ...which }]);
    await rig.inside(["answer", "r.q1", "--option", "2"]);
    const { stdout, stderr } = await running;
    const outcome: Outcome = JSON.parse(stdout);
    expect(outcome).toMatchObject({ status: "complete", result: "code 0: SQLite", attempts: 1 });
    expect(stderr).toBe(askedLines.replace("worker", "asker"));
  });

  scenario("prints the question's id without --wait", async ({ newRig, expect }) => {
    const rig = await newRig(askingAgent(""));
    expect((await rig.jsonInside(start)).document.result).toBe("code 0: r.q1");
    expect(await questionsIn(rig, "--open")).toEqual([]);
  });

  scenario("ends with 7 when the question is skipped", async ({ newRig, expect }) => {
    const rig = await newRig(askingAgent("--wait"));
    const running = rig.inside(start);
    await rig.hasHappened("r", "question_opened");
    await rig.inside(["skip", "r.q1", "--by", "anna"]);
    const outcome: Outcome = JSON.parse((await running).stdout);
    expect(outcome.result).toBe("code 7: ");
    expect(rig.read("ask.err")).toContain("anna skipped r.q1");
  });

  scenario("ends with 3 when nobody answers in time", async ({ newRig, expect }) => {
    const rig = await newRig(askingAgent("--wait --timeout 0.2"));
    expect((await rig.jsonInside(start)).document.result).toBe("code 3: ");
    expect(rig.read("ask.err")).toContain("nobody has answered r.q1 yet");
  });

  scenario("needs a run that is under way", async ({ newRig, expect }) => {
    const rig = await newRig();
    await rig.inside(["worker", "do it", "--run-id", "r"]);
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [[], "DELEGATE_RUN_ID is not set"],
      [["--run-id", "nothing"], "there is no run nothing"],
      [["--run-id", "r"], "run r has ended, so nobody answers in it"],
      [["--run-id", "r", "--timeout", "3"], "--timeout needs --wait"],
      [["--run-id", "r", "--no-free-text"], "--no-free-text needs an --option"],
    ];
    for (const [words, message] of wrong) {
      const { exitCode, stderr } = await rig.inside(["handoff", "ask", "Which?", ...words]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(message);
    }
  });
});

describe("a foreman", () => {
  scenario(
    "that is sure answers, and the run goes on without a person",
    async ({ newRig, expect }) => {
      const rig = await withForeman(newRig, [saying("SQLite", true)]);
      const { exitCode, document } = await rig.jsonInside(["worker", "do it", "--run-id", "r"]);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({ status: "complete", attempts: 2 });
      expect(messageOf(rig, 2)).toContain("Answer of manager: SQLite");
      expect(rig.events("r").find(({ type }) => type === "question_answered")).toMatchObject({
        by: "manager",
        channel: "foreman",
      });
      const brief = rig.read("handoffs/r.q1.f1/attempt-1.md");
      expect(brief).toContain("Which database?");
      expect(brief).toContain("## The task of worker\n\ndo it");
    },
  );

  scenario("that is not sure proposes, and a person approves", async ({ newRig, expect }) => {
    const rig = await withForeman(newRig, [saying("SQLite", false)]);
    expect((await rig.jsonInside(["worker", "do it", "--run-id", "r"])).exitCode).toBe(7);
    expect(await questionsIn(rig, "--open")).toMatchObject([
      { id: "r.q1", proposal: { text: "SQLite", reason: "it is small" } },
    ]);
    expect((await rig.inside(["questions"])).stdout).toContain(
      "  manager proposes: SQLite (it is small)\n",
    );
    expect((await rig.inside(["answer", "r.q1", "--approve", "--by", "anna"])).stdout).toBe(
      "r.q1: answered: SQLite (proposed by manager)\n",
    );
    expect((await rig.jsonInside(["wait", "r"])).exitCode).toBe(0);
    expect(rig.events("r").find(({ type }) => type === "question_answered")).toMatchObject({
      by: "anna",
      onProposalOf: "manager",
    });
  });

  scenario(
    "whose proposal is discussed proposes anew, and is never taken without approval after that",
    async ({ newRig, expect }) => {
      const rig = await withForeman(newRig, [saying("SQLite", false), saying("PostgreSQL", true)]);
      const running = rig.inside(["worker", "do it", "--run-id", "r", "--on-question", "wait"]);
      await rig.hasHappened("r", "question_proposed");
      const said = await rig.inside(["answer", "r.q1", "--discuss", "Many will write at once."]);
      expect(said.stdout).toBe("r.q1: the foreman is to propose anew; still open\n");
      await rig.hasHappened("r", "question_proposed", 2);
      const brief = rig.read("handoffs/r.q1.f2/attempt-1.md");
      expect(brief).toContain("## Your proposal so far\n\nSQLite");
      expect(brief).toContain("Many will write at once.");
      expect(await questionsIn(rig, "--open")).toMatchObject([
        { proposal: { text: "PostgreSQL" } },
      ]);
      await rig.inside(["answer", "r.q1", "--approve"]);
      expect((await running).exitCode).toBe(0);
      expect(messageOf(rig, 2)).toContain("PostgreSQL");
    },
  );

  scenario(
    "that says it is sure but has little confidence, or can't be asked, leaves the question to a person",
    async ({ newRig, expect }) => {
      const unsure = await withForeman(newRig, [
        { ...saying("SQLite", true), confidence: "medium" },
      ]);
      expect((await unsure.jsonInside(["worker", "do it", "--run-id", "r"])).exitCode).toBe(7);
      expect(await questionsIn(unsure)).toMatchObject([{ proposal: { text: "SQLite" } }]);
      const failing = await withForeman(newRig, [{ status: "failed", result: "no idea" }]);
      const { exitCode, stderr } = await failing.jsonInside(["worker", "do it", "--run-id", "r"]);
      expect(exitCode).toBe(7);
      expect(stderr).toContain("the foreman could not answer r.q1: manager says that it failed");
      expect(await questionsIn(failing, "--open")).toMatchObject([{ id: "r.q1", proposal: null }]);
      expect(failing.events("r").find(({ type }) => type === "question_referred")).toMatchObject({
        questionId: "r.q1",
        by: "manager",
        reason: expect.stringContaining("manager says that it failed"),
      });
    },
  );

  scenario(
    'that can\'t tell, with "then": "nobody", has the question skipped',
    async ({ newRig, expect }) => {
      const rig = await withForeman(
        newRig,
        [saying("SQLite", false)],
        JSON.parse('{"then":"nobody"}'),
      );
      expect((await rig.jsonInside(["worker", "do it", "--run-id", "r"])).exitCode).toBe(0);
      expect(messageOf(rig, 2)).toContain("No answer: nobody skipped it.");
    },
  );
});

scenario("an open question goes to the next in line after a time", async ({ newRig, expect }) => {
  const rig = await newRig({ questions: { ageMinutes: 0.001, escalateTo: ["anna", "bob"] } });
  rig.gateway.onHook = asksFirst([which]);
  const running = rig.inside(["worker", "do it", "--run-id", "r", "--on-question", "wait"]);
  await rig.hasHappened("r", "question_escalated", 2);
  const told = rig.events("r").filter(({ type }) => type === "question_escalated");
  expect(told.map(({ to }) => to)).toEqual(["anna", "bob"]);
  await rig.inside(["skip", "r.q1"]);
  expect((await running).exitCode).toBe(0);
});

scenario(
  "a run of an older version that ended as blocked still loads",
  async ({ newRig, expect }) => {
    const rig = await newRig();
    rig.gateway.onHook = (call, response) => {
      admit(response);
      const more = { status: "blocked", notes: "?", deliverable: null };
      writeAsAgent(call.handoffPath, goodHandoff(call, more));
    };
    await rig.inside(["worker", "do it", "--run-id", "r"]);
    // As it was written before runs could ask: questions, and the end right after the handoff.
    const path = `${rig.handoffDir}/r/handoff.json`;
    const handoff: object = JSON.parse(readFileSync(path, "utf8"));
    rig.write("handoffs/r/handoff.json", JSON.stringify({ ...handoff, questions: [which] }));
    const { exitCode, document } = await rig.jsonInside(["wait", "r"]);
    expect(exitCode).toBe(7);
    expect(document).toMatchObject({ status: "blocked", questions: [which] });
  },
);
