import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { PostgresAddress } from "../../src/flows/store/postgres/database.ts";
import { Secret } from "../../src/secret.ts";
import { flow, request, run } from "../flows/conformance/flows.ts";
import { noLimits, valueOf } from "../flows/conformance/rig.ts";
import { carryOut } from "../flows/conformance/steered-steps.ts";
import { storeTest } from "../flows/conformance/store-test.ts";
import { ownServer } from "./own-server.ts";
import { addressOf, openWith, postgres, query } from "./postgres-kind.ts";

const server = ownServer();
const folder = mkdtempSync(join(tmpdir(), "delegate-certificates-"));
const own = join(folder, "own.crt");
const other = join(folder, "other.crt");

/** Everybody may come as they like, but one only over an encrypted connection. */
const doors = `
hostnossl all picky 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
`;

beforeAll(async () => {
  for (const name of ["own", "other"]) makeCertificate(name);
  const administrator = addressOf("postgres");
  const [row] = await query(administrator, "SHOW data_directory");
  const data = String(row?.["data_directory"]);
  const { uid, gid } = statSync(data);
  for (const name of ["", "own.crt", "own.key"]) chownSync(join(folder, name), uid, gid);
  writeFileSync(join(data, "pg_hba.conf"), doors);
  await query(administrator, "CREATE ROLE picky LOGIN SUPERUSER PASSWORD 'secret'");
  await query(administrator, `ALTER SYSTEM SET ssl_cert_file = '${own}'`);
  await query(administrator, `ALTER SYSTEM SET ssl_key_file = '${join(folder, "own.key")}'`);
  await query(administrator, "ALTER SYSTEM SET ssl = on");
  await server().pause();
  await server().resume();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** For the address of the server, signed by nobody else. */
function makeCertificate(name: string): void {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
  const files = ["-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.crt`)];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, ...files], { stdio: "pipe" });
}

function addressWith(place: string, words: string, host = "127.0.0.1"): PostgresAddress {
  const { url, name } = addressOf(place);
  const changed = new URL(url.reveal());
  changed.username = "picky";
  changed.hostname = host;
  return { url: new Secret(`${changed.href}?${words}`), name };
}

describe("a server that takes encrypted connections only", () => {
  for (const words of [
    "sslmode=require",
    `sslmode=verify-ca&sslrootcert=${own}`,
    `sslmode=verify-full&sslrootcert=${own}`,
  ])
    storeTest(
      `carries out flow runs with ${words.split("&", 1)[0]}`,
      async ({ newRig, expect }) => {
        const rig = await newRig(postgres);
        const store = valueOf(await openWith(addressWith(rig.place, words)));
        valueOf(await store.create(request("f", flow([run("one", "true")]), rig.folder)));
        const { signal } = new AbortController();
        const options = {
          signal,
          only: "f",
          limits: noLimits,
          idleMs: null,
          warn: () => undefined,
        };
        expect(await store.work(carryOut, options)).toEqual({ ok: true, value: "flow_ended" });
        expect((await rig.state("f")).end).toEqual({ status: "complete" });
        await store.close();
      },
    );

  const refused = [
    ["sslmode=disable", "127.0.0.1", "it takes encrypted connections only"],
    ["application_name=x", "127.0.0.1", "it takes encrypted connections only"],
    ["sslmode=verify-full", "127.0.0.1", "its certificate is not trusted"],
    [`sslmode=verify-full&sslrootcert=${other}`, "127.0.0.1", "its certificate is not trusted"],
    [`sslmode=verify-full&sslrootcert=${own}`, "localhost", "is for a host of another name"],
    [`sslmode=verify-full&sslrootcert=${folder}`, "127.0.0.1", "can't be opened"],
  ] as const;
  storeTest("says in a line what is wrong with others", async ({ newRig, expect }) => {
    const { place } = await newRig(postgres);
    for (const [said, host, words] of refused)
      expect(await openWith(addressWith(place, said, host))).toMatchObject({
        ok: false,
        failure: {
          code: "storage_failed",
          message: expect.stringMatching(
            new RegExp(`^the Postgres of the tests can't be used: [^\n]*${words}[^\n]*$`),
          ),
          hint: expect.stringMatching(/^[^\n]+$/),
        },
      });
  });
});
