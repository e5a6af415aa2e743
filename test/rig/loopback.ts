import { randomInt } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:net";
import { createServer } from "node:net";

/** Has a server listen on loopback, at any port that is free; the value is the port. */
export async function listenOnLoopback(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A port at which nobody listens just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  server.close();
  await once(server, "close");
  return port;
}

/**
 * An address of this machine that no other test uses. Where a server goes down and comes up again at the same port, nobody
 * takes the port meanwhile. Only Linux has more than one such address.
 */
export function ownLoopback(): string {
  if (process.platform !== "linux") return "127.0.0.1";
  return ["127", randomInt(1, 255), randomInt(1, 255), randomInt(1, 255)].join(".");
}
