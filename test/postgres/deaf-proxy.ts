import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import type { PostgresAddress } from "../../src/flows/store/postgres/database.ts";
import { Secret } from "../../src/secret.ts";

/** With `answer`, what was asked reaches the server and is done there; with `question`, it does not. */
export type Loss = "answer" | "question";

/** A way to a Postgres on which a COMMIT or its answer can be lost; then the connection breaks. */
export class DeafProxy {
  readonly #server: Server;
  readonly #to: URL;
  readonly #sockets = new Set<Socket>();
  readonly #wanted: string;
  #lost = 0;
  #most = 0;
  #what: Loss = "answer";

  private constructor(server: Server, to: URL, wanted: string) {
    this.#server = server;
    this.#to = to;
    this.#wanted = wanted;
    server.on("connection", (client) => this.#join(client));
  }

  /** `wanted` stands in a statement of each transaction whose COMMIT may be lost. */
  static async start({ url }: PostgresAddress, wanted: string): Promise<DeafProxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new DeafProxy(server, new URL(url.reveal()), wanted);
  }

  get address(): PostgresAddress {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const url = new URL(this.#to.href);
    url.port = String(address.port);
    return { url: new Secret(url.href), name: "the tests" };
  }

  /** How many were lost. */
  get lost(): number {
    return this.#lost;
  }

  /** Swallows everything on the connections that there are, and lets nobody know; further ones are as usual. */
  swallow(): void {
    for (const socket of this.#sockets) {
      socket.removeAllListeners("data");
      socket.resume();
      socket.removeAllListeners("close");
    }
  }

  /** From now on so many are. */
  lose(count: number, what: Loss = "answer"): void {
    this.#what = what;
    this.#most = this.#lost + count;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#to.port), this.#to.hostname);
    const part = (): void => void [client, server].map((socket) => socket.destroy());
    const loseIt = (): void => {
      this.#lost += 1;
      part();
    };
    let isWanted = false;
    let isDeaf = false;
    client.on("data", (asked) => {
      const text = asked.toString("latin1");
      isWanted ||= text.includes(this.#wanted);
      if (text.includes("COMMIT\0")) {
        isDeaf = isWanted && this.#lost < this.#most;
        isWanted = false;
      }
      if (isDeaf && this.#what === "question") loseIt();
      else server.write(asked);
    });
    server.on("data", (answer) => {
      if (isDeaf) loseIt();
      else client.write(answer);
    });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", part);
      socket.on("close", part);
    }
  }
}
