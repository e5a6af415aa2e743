import { join, resolve } from "node:path";
import { SuiteRunner } from "../rig/suite-runner.ts";
import { findPostgres } from "./find-postgres.ts";
import { SERVER_VARIABLE } from "./postgres-kind.ts";
import { PostgresServer } from "./postgres-server.ts";

// Starts a PostgreSQL of its own (and installs Debian's when there is none), runs the suites against it, stops it.
// Arguments are handed to vitest.

const suites = new SuiteRunner("postgres");
const root = resolve(import.meta.dirname, "..", "..");

await suites.conclude(async () => {
  const server = await PostgresServer.start(findPostgres(suites.say));
  try {
    suites.say("PostgreSQL takes connections");
    return await suites.run(process.argv.slice(2), {
      [SERVER_VARIABLE]: server.urlOf("postgres"),
      // Workers are started more than a hundred times.
      NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "delegate-compiled"),
    });
  } finally {
    await server.stop();
    suites.say("PostgreSQL is stopped");
  }
});
