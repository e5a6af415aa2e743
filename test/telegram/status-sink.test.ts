import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RunEvent, RunHappening } from "../../src/events/event.ts";
import { defaultSettings } from "../../src/questions/routing.ts";
import { Bot } from "../../src/telegram/bot.ts";
import { MessageFile } from "../../src/telegram/message-store.ts";
import { FolderBook } from "../../src/telegram/question-book.ts";
import { StatusSink } from "../../src/telegram/status-sink.ts";
import type { StatusSinkTools } from "../../src/telegram/status-sink.ts";
import { PATIENCE_MS } from "../rig/patience.ts";
import { SteeredClock } from "../rig/steered-clock.ts";
import { until } from "../rig/until.ts";
import { BotApi, TOKEN } from "./bot-api.ts";
import type { ChatMessage } from "./bot-api.ts";
import {
  RUN,
  admittedOf,
  completed,
  created,
  failedOf,
  quickPace,
  sendingOf,
  settingsFor,
  steadyClock,
} from "./samples.ts";

const CHAT = -100_500;

let api: BotApi;
let folder: string;
let warnings: string[];
let journal: RunEvent[];
let result: string | null;

beforeEach(async () => {
  api = await BotApi.start();
  folder = mkdtempSync(join(tmpdir(), "delegate-telegram-"));
  mkdirSync(join(folder, RUN), { mode: 0o700 });
  warnings = [];
  journal = [];
  result = "The plan is sound.";
});

afterEach(async () => {
  await api.down();
  rmSync(folder, { recursive: true, force: true });
});

function openSink(change: Partial<StatusSinkTools> = {}): StatusSink {
  return new StatusSink({
    settings: settingsFor(api.root),
    clock: steadyClock,
    warn: (message) => warnings.push(message),
    openBook: () => new FolderBook(join(folder, "book")),
    openBot: () => Bot.open(settingsFor(api.root)),
    storeOf: (runId) => new MessageFile(join(folder, runId)),
    historyOf: () => journal,
    resultOf: () => result,
    rules: defaultSettings,
    lookUp: () => null,
    onAsking: () => undefined,
    pace: quickPace,
    ...change,
  });
}

function event(happening: RunHappening): RunEvent {
  const at = new Date(steadyClock.nowMs()).toISOString();
  return { seq: journal.length + 1, at, runId: RUN, ...happening };
}

/** Something happens in the run: it is kept, and the sink hears of it. */
function happen(sink: StatusSink, ...happenings: readonly RunHappening[]): void {
  for (const happening of happenings) {
    const one = event(happening);
    journal.push(one);
    sink.record(one);
  }
}

function remove(message: ChatMessage | undefined): void {
  if (message === undefined) throw new Error("there is no such message");
  message.isDeleted = true;
}

function working(text: string): RunHappening {
  return { type: "agent_working", attempt: 1, text, percent: null };
}

test("a run has one status message, edited at each phase, and then a new message with the outcome", async () => {
  const sink = openSink({ settings: settingsFor(api.root, { threadId: 7 }) });
  happen(sink, created, sendingOf(1));
  await api.called("sendMessage");
  happen(sink, admittedOf(1));
  await api.called("editMessageText", 1);
  happen(sink, working("Reading the plan"));
  await api.called("editMessageText", 2);
  happen(sink, completed);
  await sink.close(PATIENCE_MS);
  const texts = api.calls.map(({ method, payload }) => {
    const [line = ""] = String(payload["text"]).split("\n");
    return `${method} ${line.replace(/\d+ s …/, "N s …")}`;
  });
  expect(texts).toEqual([
    "sendMessage 🔧 tech-lead: attempt 1 of 3, sending …",
    "editMessageText 🔧 tech-lead: attempt 1 of 3, waiting N s …",
    "editMessageText 🔧 tech-lead: attempt 1 of 3, working N s …",
    "editMessageText ✅ tech-lead: complete after 1 attempt, 1 min 12 s",
    "sendMessage ✅ tech-lead: complete after 1 attempt, 1 min 12 s",
  ]);
  expect(api.messages).toHaveLength(2);
  expect(api.messages.every(({ chatId, threadId }) => chatId === CHAT && threadId === 7)).toBe(
    true,
  );
  expect(api.messages[1]?.text).toContain("The plan is sound.");
  expect(api.of("sendMessage").map(({ payload }) => payload["disable_notification"])).toEqual([
    true,
    undefined,
  ]);
  expect(warnings).toEqual([]);
});

test("edits keep their distance and show the newest state, however many signs of life there are", async () => {
  const clock = new SteeredClock();
  const sink = openSink({ clock });
  happen(sink, created, sendingOf(1), admittedOf(1));
  await until(() => existsSync(join(folder, RUN, "telegram.json")), "the message");
  for (let count = 1; count <= 300; count += 1) {
    happen(sink, working(`step ${count}`), { type: "agent_active", attempt: 1 });
    if (count % 30 === 0) await sleep(10);
  }
  expect(api.of("editMessageText")).toEqual([]);
  clock.advance(quickPace.editMs);
  await api.called("editMessageText");
  expect(api.of("editMessageText")[0]?.payload["text"]).toContain("step 300");
  await sink.close(PATIENCE_MS);
  expect(api.of("editMessageText")).toHaveLength(1);
});

test("nothing is edited while the text stays the same", async () => {
  const sink = openSink();
  happen(sink, created, sendingOf(1), admittedOf(1));
  await api.called("sendMessage");
  for (let count = 0; count < 5; count += 1) {
    happen(sink, { type: "agent_active", attempt: 1 });
    await sleep(15);
  }
  await sink.close(PATIENCE_MS);
  expect(api.of("editMessageText")).toEqual([]);
});

test("the time that it shows is refreshed now and then", async () => {
  const pace = { ...quickPace, editMs: 10, refreshMs: 30 };
  let aheadMs = 0;
  const clock = { nowMs: () => steadyClock.nowMs() + aheadMs };
  const sink = openSink({ pace, clock });
  happen(sink, created, admittedOf(1));
  await api.called("sendMessage");
  aheadMs = 40_000;
  await until(() => api.messages[0]?.text.includes("waiting 40 s") === true, "the newer time");
  await sink.close(PATIENCE_MS);
});

test("text from agents is escaped and cut to what Telegram takes", async () => {
  result = "<b>&</b> 😀 ".repeat(2_000);
  const sink = openSink();
  happen(sink, { ...created, task: "a < b && c > d" }, working("<script>"), completed);
  await sink.close(PATIENCE_MS);
  expect(api.messages).toHaveLength(2);
  expect(api.messages[1]?.text.length).toBeLessThanOrEqual(4_096);
  expect(api.messages[1]?.text).toContain("&lt;b&gt;&amp;&lt;/b&gt; 😀");
  expect(warnings).toEqual([]);
});

test('"message is not modified" is fine', async () => {
  const first = openSink();
  happen(first, created, sendingOf(1));
  await first.close(PATIENCE_MS);
  const second = openSink();
  happen(second, { type: "attempt_started", attempt: 1 }, sendingOf(1));
  await api.called("editMessageText");
  happen(second, completed);
  await second.close(PATIENCE_MS);
  expect(api.messages).toHaveLength(2);
  expect(warnings).toEqual([]);
});

test("nothing is called before the retry_after that Telegram asks for is over", async () => {
  let limits = 1;
  api.misbehave = ({ method }) =>
    method === "editMessageText" && limits-- > 0
      ? {
          kind: "error",
          code: 429,
          description: "Too Many Requests: retry after 1",
          retryAfter: 0.4,
        }
      : null;
  const sink = openSink();
  happen(sink, created, sendingOf(1));
  await api.called("sendMessage");
  happen(sink, admittedOf(1));
  await api.called("editMessageText");
  happen(sink, completed);
  await sink.close(PATIENCE_MS);
  const [, limited, next] = api.calls;
  expect((next?.atMs ?? 0) - (limited?.atMs ?? 0)).toBeGreaterThanOrEqual(395);
  expect(api.visible.map(({ text }) => text.slice(0, 2))).toEqual(["✅ ", "✅ "]);
});

test("a pause that is longer than there is time ends the wait at once, and is said", async () => {
  api.misbehave = () => ({
    kind: "error",
    code: 429,
    description: "Too Many Requests",
    retryAfter: 7_200,
  });
  const sink = openSink();
  happen(sink, created, completed);
  await api.called("sendMessage");
  await sink.close(3_600_000);
  expect(warnings).toEqual([
    `Telegram: not everything of run ${RUN} could be told (429 Too Many Requests)`,
  ]);
});

test("a status message that was deleted is sent anew once, and not a second time", async () => {
  const sink = openSink();
  happen(sink, created, sendingOf(1));
  await api.called("sendMessage");
  remove(api.messages[0]);
  happen(sink, admittedOf(1));
  await api.called("sendMessage", 2);
  await until(() => api.messages.length === 2, "the new message");
  remove(api.messages[1]);
  happen(sink, failedOf(1));
  await api.called("editMessageText", 2);
  happen(sink, completed);
  await sink.close(PATIENCE_MS);
  expect(api.of("sendMessage")).toHaveLength(3);
  expect(api.visible.map(({ text }) => text.split(" after")[0])).toEqual([
    "✅ tech-lead: complete",
  ]);
});

test.each([
  ["too old to be edited", { code: 400, description: "Bad Request: message can't be edited" }],
  ["unknown by now", { code: 400, description: "Bad Request: MESSAGE_ID_INVALID" }],
])("a status message that is %s is replaced", async (_title, error) => {
  let edits = 0;
  api.misbehave = ({ method }) =>
    method === "editMessageText" && (edits += 1) === 1 ? { kind: "error", ...error } : null;
  const sink = openSink();
  happen(sink, created);
  await api.called("sendMessage");
  happen(sink, admittedOf(1));
  await api.called("sendMessage", 2);
  happen(sink, completed);
  await sink.close(PATIENCE_MS);
  expect(api.messages).toHaveLength(3);
  expect(api.messages[1]?.text).toContain("✅");
});

test("a wrong token is said once, never itself, and then nothing more is tried", async () => {
  api.misbehave = () => ({ kind: "error", code: 401, description: `Unauthorized ${TOKEN}` });
  const sink = openSink();
  happen(sink, created, sendingOf(1));
  await until(() => warnings.length > 0, "the warning");
  happen(sink, admittedOf(1), completed);
  sink.reportCrash({ text: "bug", hint: null }, null);
  await sink.close(PATIENCE_MS);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("the bot's token is refused (401 Unauthorized [hidden])");
  expect(api.calls).toHaveLength(1);
});

test("a token that is no token at all is a wrong token", async () => {
  api.misbehave = () => ({ kind: "error", code: 404, description: "Not Found" });
  const sink = openSink();
  happen(sink, created, completed);
  await sink.close(PATIENCE_MS);
  expect(warnings[0]).toContain("token is refused (404 Not Found)");
  expect(api.calls).toHaveLength(1);
});

test("a chat that does not exist is said once", async () => {
  const sink = openSink({ settings: settingsFor(api.root, { chatId: 404 }) });
  happen(sink, created, sendingOf(1), completed);
  await sink.close(PATIENCE_MS);
  expect(warnings).toEqual(["Telegram: refused: 400 Bad Request: chat not found"]);
});

test("a Telegram that is down for the whole run is tried until the end, and harms nothing", async () => {
  await api.down();
  const sink = openSink();
  happen(sink, created, sendingOf(1), admittedOf(1));
  await until(() => warnings.length > 0, "the warning");
  happen(sink, completed);
  await sink.close(200);
  expect(warnings).toEqual([
    "Telegram: not reached (connection refused); trying again while the run lasts",
    `Telegram: not everything of run ${RUN} could be told (connection refused)`,
  ]);
  await api.up();
});

test("a Telegram that comes back is told the newest state", async () => {
  await api.down();
  const sink = openSink();
  happen(sink, created, sendingOf(1));
  await until(() => warnings.length > 0, "the warning");
  happen(sink, admittedOf(1), working("Reading"));
  await api.up();
  await api.called("sendMessage");
  happen(sink, completed);
  await sink.close(PATIENCE_MS);
  expect(
    api.of("sendMessage").map(({ payload }) => String(payload["text"]).split("\n")[0]),
  ).toEqual([expect.stringContaining("working"), expect.stringContaining("complete")]);
});

test.each([
  ["errors of the server", { kind: "error", code: 500, description: "Internal Server Error" }],
  ["broken connections", { kind: "break" }],
  ["answers of somebody in between", { kind: "no_json" }],
] as const)("%s are tried again", async (_title, misbehavior) => {
  let failures = 2;
  api.misbehave = () => (failures-- > 0 ? misbehavior : null);
  const sink = openSink();
  happen(sink, created, completed);
  await sink.close(PATIENCE_MS);
  expect(api.calls).toHaveLength(4);
  expect(api.messages).toHaveLength(2);
  expect(warnings).toEqual([]);
});

test("a message whose confirmation got lost is sent again: rather twice than not at all", async () => {
  let losses = 1;
  api.misbehave = ({ method }) =>
    method === "sendMessage" && losses-- > 0 ? { kind: "lost_answer" } : null;
  const sink = openSink();
  happen(sink, created, completed);
  await sink.close(PATIENCE_MS);
  expect(api.messages).toHaveLength(3);
  expect(warnings).toEqual([]);
});

test("a slow Telegram holds nobody up, and is told the newest state when it is ready", async () => {
  api.misbehave = ({ method }) => (method === "sendMessage" ? { kind: "slow", ms: 1_000 } : null);
  const sink = openSink();
  happen(sink, created, sendingOf(1), admittedOf(1));
  expect(api.messages).toEqual([]);
  await api.called("sendMessage");
  for (let count = 0; count < 500; count += 1) happen(sink, working(`step ${count}`));
  await api.called("editMessageText");
  expect(api.of("editMessageText")[0]?.payload["text"]).toContain("step 499");
  await sink.close(PATIENCE_MS);
});

test("a Telegram that never answers is given up at the end", async () => {
  api.misbehave = () => ({ kind: "hang" });
  const sink = openSink();
  happen(sink, created, completed);
  await api.called("sendMessage");
  await sink.close(100);
  expect(warnings).toEqual([
    `Telegram: not everything of run ${RUN} could be told (there was no time)`,
  ]);
});

test("a call that takes too long is made again", async () => {
  let hangs = 1;
  api.misbehave = () => (hangs-- > 0 ? { kind: "hang" } : null);
  const sink = openSink({ openBot: () => Bot.open(settingsFor(api.root), 2_000) });
  happen(sink, created, completed);
  await sink.close(PATIENCE_MS);
  expect(api.of("sendMessage")).toHaveLength(3);
});

test("another process goes on with the same message, and does not tell the outcome twice", async () => {
  const first = openSink();
  happen(first, created, sendingOf(1), admittedOf(1), {
    type: "driver_left",
    generation: 1,
    reason: "not_waiting",
  });
  await first.close(PATIENCE_MS);
  const path = join(folder, RUN, "telegram.json");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
    chatId: CHAT,
    threadId: null,
    messageId: api.messages[0]?.id,
  });
  expect(api.messages[0]?.text).toContain("Nobody waits for it now");

  const second = openSink();
  happen(second, { type: "driver_took_over", generation: 2 });
  await api.called("editMessageText");
  expect(api.messages[0]?.text).toContain("tech-lead: attempt 1 of 3, waiting");
  happen(second, completed);
  await second.close(PATIENCE_MS);
  expect(api.messages).toHaveLength(2);

  const third = openSink();
  happen(third, { type: "driver_took_over", generation: 3 });
  await third.close(PATIENCE_MS);
  expect(api.messages).toHaveLength(2);
});

test("a run that ends anew, by a late handoff, is told anew", async () => {
  const sink = openSink();
  happen(sink, created, { ...completed, status: "timeout", code: "timeout" });
  await api.called("sendMessage", 2);
  happen(sink, completed);
  await sink.close(PATIENCE_MS);
  expect(api.messages.slice(1).map(({ text }) => text.slice(0, 1))).toEqual(["❌", "✅"]);
});

test("a crash of ours is reported, without the token", async () => {
  const sink = openSink();
  sink.reportCrash({ text: `unexpected <case> with ${TOKEN}`, hint: null }, null);
  sink.reportCrash({ text: "bug", hint: null }, RUN);
  sink.reportCrash({ text: "/srv: too many open files", hint: "allow more, <ulimit -n>" }, RUN);
  await sink.close(PATIENCE_MS);
  expect(api.messages.map(({ text }) => text)).toEqual([
    "💥 delegate itself failed. This is a bug of ours.\n<code>unexpected &lt;case&gt; with [hidden]</code>",
    `💥 delegate itself failed. This is a bug of ours.\n<code>bug</code>\nThe run goes on at <code>delegate wait ${RUN}</code>`,
    `💥 delegate itself failed.\n<code>/srv: too many open files</code>\n→ allow more, &lt;ulimit -n&gt;\nThe run goes on at <code>delegate wait ${RUN}</code>`,
  ]);
});

test("a sink that heard nothing opens nothing and closes at once", async () => {
  await openSink().close();
  expect(api.calls).toEqual([]);
});

test("a folder that can't be written is said, and the run is still shown", async () => {
  rmSync(join(folder, RUN), { recursive: true });
  const sink = openSink();
  happen(sink, created, completed);
  await sink.close(PATIENCE_MS);
  expect(api.messages).toHaveLength(2);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("what was sent can't be remembered");
});

test("an event that can't be shown ends the reports, not the run", async () => {
  const sink = openSink({
    resultOf: () => {
      throw new Error("disk gone");
    },
  });
  happen(sink, created, completed);
  await sink.close(PATIENCE_MS);
  expect(warnings).toEqual(["Telegram: no more reports: disk gone"]);
});
