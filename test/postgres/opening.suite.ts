import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { inspect } from "node:util";
import { describe } from "vitest";
import { openWith, addressOf, postgres, query } from "./postgres-kind.ts";
import { agent, flow, order, request, run } from "../flows/conformance/flows.ts";
import { noLimits, valueOf } from "../flows/conformance/rig.ts";
import { carryOut } from "../flows/conformance/steered-steps.ts";
import { storeTest } from "../flows/conformance/store-test.ts";
import { Secret } from "../../src/secret.ts";

const PASSWORD = "hunter2-is-secret";

/** The address of a rig's database with something else in it, and a password that must not be seen anywhere. */
function altered(place: string, change: (url: URL) => void): { url: Secret; name: string } {
  const { url, name } = addressOf(place);
  const changed = new URL(url.reveal());
  changed.password = PASSWORD;
  change(changed);
  return { url: new Secret(changed.href), name };
}

describe("an address", () => {
  const cases = [
    ["with a wrong password", () => undefined, "refuses this user or password"],
    ["of nobody", (url: URL) => (url.port = "1"), "nobody takes connections there"],
    [
      "of no host",
      (url: URL) => (url.hostname = "no.invalid"),
      "no host of this name|can't be looked up",
    ],
    [
      "that names a file that is not there",
      (url: URL) => url.searchParams.set("sslrootcert", "/no/such/file"),
      "a file that its address names",
    ],
    [
      "that wants encryption of a server without it",
      (url: URL) => url.searchParams.set("sslmode", "require"),
      "takes no encrypted connections",
    ],
  ] as const;
  for (const [what, change, words] of cases)
    storeTest(`${what} is refused in a line, without the password`, async ({ newRig, expect }) => {
      const rig = await newRig(postgres);
      const opened = await openWith(altered(rig.place, change));
      expect(opened).toMatchObject({
        ok: false,
        failure: {
          code: "storage_failed",
          message: expect.stringMatching(
            `^the Postgres of the tests can't be used: [^\n]*(${words})[^\n]*$`,
          ),
          hint: expect.stringMatching(/^[^\n]+$/),
        },
      });
      expect(inspect(opened, { depth: 20, showHidden: true })).not.toContain(PASSWORD);
    });

  for (const text of [`mysql://ada:${PASSWORD}@host/db`, `postgres//${PASSWORD}`, PASSWORD])
    storeTest(`that is none (${text.slice(0, 8)}) is not shown`, async ({ expect }) => {
      const opened = await openWith({ url: new Secret(text), name: "DATABASE_URL" });
      expect(opened).toMatchObject({
        ok: false,
        failure: { code: "config_invalid", message: expect.stringContaining("DATABASE_URL") },
      });
      expect(inspect(opened)).not.toContain(PASSWORD);
    });

  storeTest("of a database that is not there", async ({ newRig, expect }) => {
    const rig = await newRig(postgres);
    expect(await openWith(addressOf(`${rig.place}x`))).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining("no database of this name") },
    });
  });

  storeTest("of somebody who may not create tables", async ({ newRig, expect }) => {
    const { place } = await newRig(postgres);
    const role = `r${place}`;
    await query(addressOf("postgres"), `CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
    await query(addressOf(place), "DROP SCHEMA delegate CASCADE");
    const opened = await openWith(altered(place, (url) => (url.username = role)));
    expect(opened).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining("this user may not do that") },
    });
  });
});

describe("a user", () => {
  storeTest("who may create schemas needs no other right", async ({ newRig, expect }) => {
    const rig = await newRig(postgres);
    const { place } = rig;
    await query(addressOf("postgres"), `CREATE ROLE u${place} LOGIN PASSWORD '${PASSWORD}'`);
    await query(addressOf("postgres"), `GRANT CREATE ON DATABASE ${place} TO u${place}`);
    await query(addressOf(place), "DROP SCHEMA delegate CASCADE");
    const store = valueOf(await openWith(altered(place, (url) => (url.username = `u${place}`))));
    valueOf(await store.create(request("f", flow([run("one", "true")]), rig.folder)));
    const { signal } = new AbortController();
    const options = { signal, only: "f", limits: noLimits, idleMs: null, warn: () => undefined };
    expect(await store.work(carryOut, options)).toEqual({ ok: true, value: "flow_ended" });
    expect(valueOf(await store.prune(Date.now() + 1_000, false))).toEqual(["f"]);
    expect(valueOf(await store.hasWorker(null))).toBe(false);
    await store.close();
  });
});

describe("tables that are not there", () => {
  storeTest("are made once, by whoever comes first", async ({ expect }) => {
    for (let time = 0; time < 5; time += 1) {
      const address = addressOf(await postgres.newPlace(""));
      const opened = await Promise.all(Array.from({ length: 8 }, () => openWith(address)));
      expect(opened.filter(({ ok }) => !ok)).toEqual([]);
      await Promise.all(opened.map((store) => valueOf(store).close()));
    }
  });
});

describe("tables of a newer version", () => {
  storeTest("are left alone", async ({ newRig, expect }) => {
    const { place } = await newRig(postgres);
    await query(addressOf(place), "UPDATE delegate.version SET version = 99");
    expect(await openWith(addressOf(place))).toMatchObject({
      ok: false,
      failure: { code: "storage_failed", message: expect.stringContaining("newer delegate") },
    });
  });

  storeTest("end a worker, and what it is at is let go", async ({ newRig, expect }) => {
    const rig = await newRig(postgres);
    await rig.create("f", flow([agent("code", order({ until: "never" }))]));
    const working = rig.work();
    await rig.untilNoted("code", "begins");
    await query(addressOf(rig.place), "UPDATE delegate.version SET version = 99");
    expect(await working).toMatchObject({
      ok: false,
      failure: {
        message: expect.stringContaining("newer delegate"),
        hint: "update delegate, here too",
      },
    });
    expect(rig.journal.at(-1)).toMatchObject({ what: "stops", why: "leaving" });
  });
});

describe("the packages", () => {
  storeTest("that are not installed are named", async ({ newRig, expect }) => {
    const { folder } = await newRig(postgres);
    cpSync(new URL("../../src", import.meta.url), `${folder}/src`, { recursive: true });
    const script = `
      const { openPostgresStore } = await import("${folder}/src/flows/store/postgres/postgres-store.ts");
      const { Secret } = await import("${folder}/src/secret.ts");
      const address = { url: new Secret("postgres://ada@localhost/db"), name: "DATABASE_URL" };
      process.stdout.write(JSON.stringify(await openPostgresStore({ address, agents: null })));`;
    const args = ["--input-type=module", "-e", script];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      failure: {
        code: "config_invalid",
        message:
          "flow runs are to be kept in Postgres, but the packages for that are not installed",
        hint: "npm install @dbos-inc/dbos-sdk@5.3.0 pg",
      },
    });
  });
});
