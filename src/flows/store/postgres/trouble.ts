import type { Failure } from "../../../failure.ts";
import { codeOf, messageOf } from "../../../thrown.ts";

/** What Postgres, or the way to it, says when it can't do its part. */
export class PostgresTrouble extends Error {
  /** A SQLSTATE of five characters, or a name of the system such as ECONNREFUSED; null for what has neither. */
  readonly code: string | null;

  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    this.code = causeCodeOf(cause);
  }
}

/** Whether the very same thing may work in a moment: the connection is the trouble, or others are. */
export function isPassing({ code }: PostgresTrouble): boolean {
  return code === null || !isState(code) || /^(08|40|53|57P|55P03|25P03)/.test(code);
}

/** What to tell whoever wanted something of this Postgres; `name` says where its address stands. */
export function failureOf(name: string, trouble: PostgresTrouble): Failure {
  const { what, hint } = wordingOf(trouble);
  return {
    code: "storage_failed",
    message: `the Postgres of ${name} can't be used: ${what}`,
    hint: hint.replaceAll("{name}", name),
  };
}

/** Tables that a later version of the program has made. */
export function newerVersion(name: string, found: number, known: number): Failure {
  return {
    code: "storage_failed",
    message: `the tables in the Postgres of ${name} are of a newer delegate: their version is ${found}, and this one knows ${known}`,
    hint: "update delegate, here too",
  };
}

interface Wording {
  readonly what: string;
  readonly hint: string;
}

function wordingOf({ code, message }: PostgresTrouble): Wording {
  const [line = ""] = message.split("\n", 1);
  if (code === null) return { what: `the connection broke (${line})`, hint: lookAfterIt };
  if (!isState(code))
    return connecting[code] ?? { what: `no connection (${code})`, hint: lookAfterIt };
  return (
    states[code] ??
    states[code.slice(0, 2)] ?? {
      what: `${line} (${code})`,
      hint: lookAfterIt,
    }
  );
}

function isState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith("E");
}

function causeCodeOf(cause: unknown): string | null {
  return codeOf(cause instanceof AggregateError ? cause.errors[0] : cause);
}

const lookAfterIt = "look whether it runs, and try again; nothing that was kept before is lost";
const checkAddress = "check the address in {name}";

const connecting: Readonly<Record<string, Wording>> = {
  ECONNREFUSED: {
    what: "nobody takes connections there",
    hint: "start it, or check the address in {name}",
  },
  ETIMEDOUT: { what: "nothing was heard from it for too long", hint: lookAfterIt },
  ENOTFOUND: { what: "there is no host of this name", hint: checkAddress },
  EAI_AGAIN: { what: "its host's name can't be looked up now", hint: lookAfterIt },
  ENOENT: {
    what: "its socket, or a file that its address names, is not there",
    hint: "start it, or check the address in {name}",
  },
};

const wrongLogin: Wording = { what: "it refuses this user or password", hint: checkAddress };
const stopping: Wording = { what: "it is starting or stopping", hint: "try again in a moment" };

/** By SQLSTATE, or by its class. */
const states: Readonly<Record<string, Wording>> = {
  "08": { what: "the connection broke", hint: lookAfterIt },
  "25006": { what: "it is read-only", hint: "give the address of the server that takes changes" },
  "25P03": { what: "it ended a transaction that stood still", hint: "try again" },
  "28000": wrongLogin,
  "28P01": wrongLogin,
  "3D000": {
    what: "it has no database of this name",
    hint: "create it, or check the address in {name}",
  },
  "42501": {
    what: "this user may not do that",
    hint: "let it create schemas in the database, or create what docs/scale-out.md names for it",
  },
  "53100": {
    what: "no space left on its disk",
    hint: "make room and try again; nothing that was kept before is lost",
  },
  "53300": {
    what: "it has no connections left",
    hint: "raise its max_connections, or run fewer workers",
  },
  "55P03": { what: "another process has kept it locked", hint: "try again" },
  "57P01": stopping,
  "57P02": stopping,
  "57P03": stopping,
};
