import { LONGEST_ASKED_SECONDS } from "../../clock.ts";
import { notifiers } from "../../config/notify.ts";
import type { Failure } from "../../failure.ts";
import type { Since } from "../../follow/since.ts";
import { parseSince } from "../../follow/since.ts";
import { commandNames } from "../../command-names.ts";
import { nearest } from "../../text/nearest.ts";
import type { Arguments } from "./arguments.ts";
import type {
  CommonOptions,
  DocumentOptions,
  DocumentSource,
  OutputFormat,
  TextSource,
} from "../command.ts";
import type { NotifyWish } from "../telling/notify.ts";
import type { CommandSpec } from "./option-spec.ts";
import { shownName } from "./option-spec.ts";
import { orCommand, usage } from "./usage.ts";

/** Says what is wrong with a command line; thrown by a reader and caught where it was made. */
export class UsageError extends Error {
  readonly failure: Failure;

  constructor(reason: Failure) {
    super(reason.message);
    this.failure = reason;
  }
}

/** Reads one command's arguments; throws a `UsageError` at the first that is wrong. */
export class Reader {
  readonly spec: CommandSpec;
  readonly args: Arguments;
  readonly #notes: string[] = [];

  constructor(spec: CommandSpec, args: Arguments) {
    this.spec = spec;
    this.args = args;
  }

  /** What should be said about how the command was written. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  refuse(message: string, hint?: string): never {
    throw new UsageError(usage(this.spec, message, hint));
  }

  common(): CommonOptions {
    const { args } = this;
    return {
      config: args.value("config"),
      isQuiet: args.isOn("quiet"),
      isVerbose: args.isOn("verbose"),
    };
  }

  /** The same with `--json`. */
  document(): DocumentOptions {
    return { ...this.common(), isJson: this.args.isOn("json") };
  }

  none(): void {
    const [first] = this.args.positionals;
    if (first !== undefined) this.refuse(`${JSON.stringify(first)} is one word too many`);
  }

  only(what: string): string {
    const [word, extra] = this.args.positionals;
    if (word === undefined || word === "") this.refuse(`${what} is missing`);
    if (extra !== undefined) this.refuse(`${JSON.stringify(extra)} is one word too many`);
    return word;
  }

  first(what: string): string {
    const [word] = this.args.positionals;
    if (word === undefined || word === "") this.refuse(`${what} is missing`);
    return word;
  }

  onQuestion(): "wait" | "exit" {
    return this.args.value("on-question") === "wait" ? "wait" : "exit";
  }

  /** The first word, one of these; with it, options that only others of them take are refused. */
  verb<T extends string>(...verbs: readonly T[]): T {
    const [word = ""] = this.args.positionals;
    if (word === "") this.refuse(`${oneOfWords(verbs)} is missing`);
    const chosen = this.#oneOf(word, verbs);
    const foreign = this.spec.options.find(
      (option) => this.args.isGiven(option.name) && option.verbs?.includes(chosen) === false,
    );
    if (foreign !== undefined)
      this.refuse(
        `delegate ${this.spec.name} ${chosen} does not take --${shownName(foreign)}`,
        "leave it out",
      );
    return chosen;
  }

  /** As many words as are named. */
  words(...needed: readonly string[]): readonly string[] {
    return this.#exactly(this.args.positionals, needed);
  }

  /** As many words behind the verb as are named. */
  wordsBehindVerb(...needed: readonly string[]): readonly string[] {
    return this.#exactly(this.args.positionals.slice(1), needed);
  }

  #exactly(given: readonly string[], needed: readonly string[]): readonly string[] {
    const missing = needed.find((_what, index) => !given[index]);
    if (missing !== undefined) this.refuse(`${missing} is missing`);
    const [tooMany] = given.slice(needed.length);
    if (tooMany !== undefined) this.refuse(`${JSON.stringify(tooMany)} is one word too many`);
    return given;
  }

  /** The one word behind the verb. */
  wordBehindVerb(what: string): string {
    const [word = ""] = this.wordsBehindVerb(what);
    return word;
  }

  /** The only word, one of these. */
  choice<T extends string>(...choices: readonly T[]): T {
    return this.#oneOf(this.only(oneOfWords(choices)), choices);
  }

  #oneOf<T extends string>(word: string, choices: readonly T[]): T {
    const chosen = choices.find((choice) => choice === word);
    if (chosen !== undefined) return chosen;
    const guess = nearest(word, choices);
    return this.refuse(
      `${JSON.stringify(word)} is not known here`,
      guess === null ? `use ${choices.join(", ")}` : `did you mean ${guess}?`,
    );
  }

  agent(): string {
    const [agent] = this.args.positionals;
    if (agent === undefined || agent === "")
      this.refuse("an agent is missing", 'delegate <agent> "<task>"; delegate agents lists them');
    return agent;
  }

  task(agent: string): TextSource {
    const [, task, extra] = this.args.positionals;
    const file = this.args.value("task-file");
    if (extra !== undefined)
      this.refuse(
        `${JSON.stringify(extra)} is one word too many`,
        orCommand("put the task in quotes", agent),
      );
    if (file !== null && task !== undefined)
      this.refuse("the task is given twice, as a word and as --task-file", "leave one of them out");
    if (file !== null) return sourceOf(file);
    if (task === undefined) {
      const guess = nearest(agent, commandNames);
      this.refuse(
        `a task for ${agent} is missing`,
        guess === null ? `delegate ${agent} "<task>"` : `did you mean delegate ${guess}?`,
      );
    }
    return task === "-" ? { kind: "stdin" } : { kind: "text", text: task };
  }

  format(): OutputFormat {
    return this.args.value("format") === "text" ? "text" : "json";
  }

  notify(): NotifyWish {
    const named = this.args.values("notify");
    const wish = notifiers.filter((notifier) => named.includes(notifier));
    if (!this.args.isOn("no-notify")) return wish;
    return wish.length === 0
      ? "nobody"
      : this.refuse("--notify and --no-notify contradict each other", "leave one of them out");
  }

  milliseconds(name: string): number | null {
    const text = this.args.value(name);
    if (text === null) return null;
    const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(seconds > 0 && seconds <= LONGEST_ASKED_SECONDS)) {
      this.refuse(
        `--${name} ${JSON.stringify(text)} is no time`,
        `give seconds as a number above 0, at most ${LONGEST_ASKED_SECONDS}`,
      );
    }
    return Math.max(1, Math.round(seconds * 1000));
  }

  wholeNumber(name: string): number | null {
    const text = this.args.value(name);
    if (text === null) return null;
    if (!/^\d{1,15}$/.test(text))
      this.refuse(
        `--${name} ${JSON.stringify(text)} is no number`,
        "give a whole number from 0 up",
      );
    return Number(text);
  }

  percent(name: string): number | null {
    const text = this.args.value(name);
    if (text === null) return null;
    const percent = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(percent <= 100))
      this.refuse(`--${name} ${JSON.stringify(text)} is no share`, "give a number from 0 to 100");
    return percent;
  }

  since(name: string): Since | null {
    const text = this.args.value(name);
    if (text === null) return null;
    return (
      parseSince(text) ??
      this.refuse(
        `--${name} ${JSON.stringify(text)} is no time`,
        "give 30s, 10m, 2h, 3d or 1w, a day such as 2026-11-21, or an instant such as 2026-11-21T09:00Z",
      )
    );
  }

  count(name: string): number | null {
    const text = this.args.value(name);
    if (text === null) return null;
    if (!/^[1-9]\d{0,8}$/.test(text))
      this.refuse(
        `--${name} ${JSON.stringify(text)} is no count`,
        "give a whole number, 1 to 999999999",
      );
    return Number(text);
  }
}

/** A file by its name, or stdin for a lone dash. */
export function sourceOf(word: string): DocumentSource {
  return word === "-" ? { kind: "stdin" } : { kind: "file", path: word };
}

/** `a, b or c`. */
function oneOfWords(words: readonly string[]): string {
  const front = words.slice(0, -1).join(", ");
  return [front, words.at(-1) ?? ""].filter((part) => part !== "").join(" or ");
}
