import { expect, test } from "vitest";
import { driverAddress } from "../../../src/flows/store/postgres/driver-address.ts";

const none = "what stands in DATABASE_URL is not the address of a Postgres";
const refused = [
  ["mysql://ada@host/db", none],
  ["postgres://ada:pass#word@host/db", none],
  ["postgres://ada:1#x@host/db", none],
  ["postgres://ada:p/x@host/db", none],
  ["postgres://ada:%E9@host/db", none],
  ["postgres://ada:50%@host/db", none],
  ["postgres://ada@one:5432,two:5432/db", none],
  ["postgres://ada@host/db?port=abc", none],
  ["postgres://ada@host/db?port=70000", none],
  ["postgres://ada@host/db?sslmode=allow", 'the address in DATABASE_URL has an unknown "sslmode"'],
  [
    "postgres://ada@host/db?sslmode=verify-ca",
    "the address in DATABASE_URL says sslmode=verify-ca, and not by which certificate",
  ],
] as const;

for (const [address, message] of refused)
  test(`${address} is refused`, () => {
    expect(driverAddress(address, "DATABASE_URL")).toEqual({
      ok: false,
      failure: { code: "config_invalid", message, hint: expect.stringMatching(/^[^\n]+$/) },
    });
  });

const same = [
  "postgres://ada:p%40ss%2Fw@host:5432/db",
  "postgres://host",
  "postgresql:///db?host=/run/postgresql",
  "postgresql://ada:x@/db?host=/run/postgresql&port=5433",
  "postgresql://%2Frun%2Fpostgresql/db",
  "postgres://[::1]:5432/a%20%22b%22%25%23%3F",
  "postgres://ada@host/db?sslmode=no-verify",
];

for (const address of same)
  test(`${address} is as the driver wants it`, () => {
    expect(driverAddress(address, "DATABASE_URL")).toEqual({ ok: true, value: address });
  });

const changed = [
  ["postgres://ada%40a@host/me%40work%2fdb", "postgres://ada%40a@host/me@work/db"],
  ["postgres://host/db?sslmode=require", "postgres://host/db?sslmode=require&uselibpqcompat=true"],
] as const;

for (const [address, value] of changed)
  test(`${address} is put in its words`, () => {
    expect(driverAddress(address, "DATABASE_URL")).toEqual({ ok: true, value });
  });
