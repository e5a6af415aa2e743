import { afterAll, beforeAll } from "vitest";
import { findPostgres } from "./find-postgres.ts";
import { SERVER_VARIABLE } from "./postgres-kind.ts";
import { PostgresServer } from "./postgres-server.ts";

/** A server for one suite alone, which it may stop and start; its stores and workers are on it. */
export function ownServer(): () => PostgresServer {
  let server: PostgresServer | null = null;
  const shared = process.env[SERVER_VARIABLE];
  beforeAll(async () => {
    server = await PostgresServer.start(findPostgres(() => undefined));
    process.env[SERVER_VARIABLE] = server.urlOf("postgres");
  });
  afterAll(async () => {
    process.env[SERVER_VARIABLE] = shared;
    await server?.stop();
  });
  return () => {
    if (server === null) throw new Error("no server yet");
    return server;
  };
}
