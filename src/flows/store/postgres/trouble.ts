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

/** What is said when nobody could tell any more what became of a transaction. */
export function unheard(): PostgresTrouble {
  return new PostgresTrouble(Object.assign(new Error("no answer to COMMIT"), { code: "UNHEARD" }));
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
  if (code === null)
    return saidBy(line) ?? { what: `the connection broke (${line})`, hint: lookAfterIt };
  if (!isState(code))
    return (
      connecting[code] ?? encrypting(code) ?? { what: `no connection (${code})`, hint: lookAfterIt }
    );
  if (code === "42501") return { ...mayNot, what: `${mayNot.what} (${line})` };
  if (code === "28000" && /no encryption|SSL off/.test(line)) return wantsEncryption;
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
const unreadable = {
  what: "its socket, or a file that its address names, can't be opened",
  hint: "check who may read it, and the address in {name}",
};

const connecting: Readonly<Record<string, Wording>> = {
  ECONNREFUSED: {
    what: "nobody takes connections there",
    hint: "start it, or check the address in {name}",
  },
  ETIMEDOUT: { what: "nothing was heard from it for too long", hint: lookAfterIt },
  ENOTFOUND: { what: "there is no host of this name", hint: checkAddress },
  EAI_AGAIN: { what: "its host's name can't be looked up now", hint: lookAfterIt },
  UNHEARD: {
    what: "the connection broke, and whether this was still taken is not known",
    hint: "look with delegate flow list and delegate flow show before you try again",
  },
  ENOENT: {
    what: "its socket, or a file that its address names, is not there",
    hint: "start it, or check the address in {name}",
  },
  EACCES: unreadable,
  EISDIR: unreadable,
  CERT_HAS_EXPIRED: {
    what: "its certificate has expired",
    hint: "renew it there, and see whether the clock here is right",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: "its certificate is for a host of another name",
    hint: "name the host in {name} as its certificate does, or write sslmode=verify-ca",
  },
};

/** What is wrong with its certificate, or with ours. */
function encrypting(code: string): Wording | null {
  if (/^(UNABLE_TO_|CERT_|(DEPTH_ZERO_)?SELF_SIGNED_)/.test(code))
    return {
      what: `its certificate is not trusted (${code})`,
      hint: "add sslrootcert=<file> to the address in {name}, with the certificate of who signed it",
    };
  if (/^(EPROTO$|ERR_(OSSL|SSL|TLS)_)/.test(code))
    return {
      what: `no encrypted connection came about (${code})`,
      hint: "check the certificates and keys that the address in {name} and the server's settings name",
    };
  return null;
}

/** What only the driver says, without a code. */
function saidBy(line: string): Wording | null {
  if (line === "The server does not support SSL connections")
    return {
      what: "it takes no encrypted connections",
      hint: "set ssl = on there, or write sslmode=disable in the address in {name}",
    };
  if (/^SASL: .*password must be/.test(line))
    return { what: "it wants a password", hint: checkAddress };
  return null;
}

const wrongLogin: Wording = { what: "it refuses this user or password", hint: checkAddress };
const wantsEncryption: Wording = {
  what: "it takes encrypted connections only",
  hint: "write sslmode=verify-full or sslmode=require in the address in {name}",
};
const mayNot: Wording = {
  what: "this user may not do that",
  hint: "take the user who made the tables, or as the owner of the database: GRANT CONNECT, CREATE ON DATABASE <name> TO <user>",
};
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
