import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "../../system/make-folder.ts";
import type { StoredFile } from "../task.ts";
import { fileUri } from "./file-uri.ts";

let made = 0;

/** The file for all that a command prints on one stream, up to a limit. It has its name once it is whole. */
export class OutputFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash("sha256");
  readonly #maxBytes: number;
  #bytes = 0;

  private constructor(path: string, temporary: string, handle: FileHandle, maxBytes: number) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#maxBytes = maxBytes;
  }

  static async create(path: string, maxBytes: number): Promise<OutputFile> {
    made += 1;
    const temporary = `${path}.${process.pid}.${made}.tmp`;
    makeFolder(dirname(path));
    const handle = await open(temporary, "wx", 0o600);
    return new OutputFile(path, temporary, handle, maxBytes);
  }

  /** Takes what still has room. */
  async append(piece: Uint8Array): Promise<void> {
    const taken = piece.subarray(0, this.#maxBytes - this.#bytes);
    if (taken.length > 0) await this.#write(taken);
  }

  /** Closes it; when it does not hold all of these bytes, its last line says so. */
  async finish(printedBytes: number): Promise<StoredFile> {
    if (printedBytes > this.#bytes) {
      const note = `\n[cut by delegate: ${printedBytes} bytes were printed]\n`;
      await this.#write(new TextEncoder().encode(note));
    }
    await this.#handle.close();
    await rename(this.#temporary, this.#path);
    const path = this.#path;
    return { path, uri: fileUri(path), bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  /** Leaves nothing of it. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#handle.writeFile(bytes);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }
}
