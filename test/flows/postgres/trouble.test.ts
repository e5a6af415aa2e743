import { describe, expect, test } from "vitest";
import {
  failureOf,
  isPassing,
  newerVersion,
  PostgresTrouble,
} from "../../../src/flows/store/postgres/trouble.ts";

/** What Postgres or the system says, with its code. */
function trouble(code: string | undefined, message = "something\nand more"): PostgresTrouble {
  return new PostgresTrouble(Object.assign(new Error(message), { code }));
}

const cases = [
  ["ECONNREFUSED", true, "nobody takes connections there"],
  ["ENOTFOUND", true, "there is no host of this name"],
  ["ETIMEDOUT", true, "nothing was heard from it for too long"],
  ["EPIPE", true, "no connection (EPIPE)"],
  ["SELF_SIGNED_CERT_IN_CHAIN", true, "its certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)"],
  ["CERT_HAS_EXPIRED", true, "its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", true, "its certificate is for a host of another name"],
  ["EPROTO", true, "no encrypted connection came about (EPROTO)"],
  ["EACCES", true, "its socket, or a file that its address names, can't be opened"],
  ["UNHEARD", true, "the connection broke, and whether this was still taken is not known"],
  [undefined, true, "the connection broke (something)"],
  ["08006", true, "the connection broke"],
  ["28P01", false, "it refuses this user or password"],
  ["3D000", false, "it has no database of this name"],
  ["40001", true, "something (40001)"],
  ["42501", false, "this user may not do that (something)"],
  ["42703", false, "something (42703)"],
  ["53100", true, "no space left on its disk"],
  ["53300", true, "it has no connections left"],
  ["55P03", true, "another process has kept it locked"],
  ["57P01", true, "it is starting or stopping"],
  ["25006", false, "it is read-only"],
  ["25P03", true, "it ended a transaction that stood still"],
] as const;

describe("what Postgres can't do", () => {
  for (const [code, passes, what] of cases)
    test(`${code ?? "without a code"}: ${what}`, () => {
      const found = trouble(code);
      expect(isPassing(found)).toBe(passes);
      const { message, hint } = failureOf("DATABASE_URL", found);
      expect(message).toBe(`the Postgres of DATABASE_URL can't be used: ${what}`);
      expect(hint).toMatch(/^[^\n{}]+$/);
    });

  for (const [code, said, what] of [
    [
      "28000",
      "no pg_hba.conf entry for host, no encryption",
      "it takes encrypted connections only",
    ],
    ["28000", "role is not permitted to log in", "it refuses this user or password"],
    [undefined, "The server does not support SSL connections", "it takes no encrypted connections"],
    [undefined, "SASL: client password must be a string", "it wants a password"],
  ] as const)
    test(`${said}: ${what}`, () => {
      const { message } = failureOf("DATABASE_URL", trouble(code, said));
      expect(message).toBe(`the Postgres of DATABASE_URL can't be used: ${what}`);
    });

  test("of several tries to connect the first one counts", () => {
    const both = new AggregateError([trouble("ECONNREFUSED").cause, new Error("other")]);
    expect(new PostgresTrouble(both).code).toBe("ECONNREFUSED");
  });

  test("what is thrown need not be an error", () => {
    expect(new PostgresTrouble("odd")).toMatchObject({ code: null, message: "odd" });
  });

  test("tables of a newer program are named with both versions", () => {
    expect(newerVersion("DATABASE_URL", 9, 1).message).toContain(
      "their version is 9, and this one knows 1",
    );
  });
});
