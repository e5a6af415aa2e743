import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { keepBeginning, keepEnd } from "../../local/bounded-output.ts";
import type { BoundedOutput } from "../../local/bounded-output.ts";
import type { StoredFile } from "../task.ts";
import { OutputFile } from "./output-file.ts";

/** How much of an output is kept, and where. */
export interface KeptOutputPlan {
  /** Which part stays in memory when there is more than fits. */
  readonly part: "beginning" | "end";
  readonly maxBytes: number;
  /** The file for all of it, made only when it is more than that. */
  readonly path: string;
  /** The most bytes that the file takes. */
  readonly maxFileBytes: number;
  /** Whether all of it is to have a digest, however much it is. */
  readonly isDigested: boolean;
  /** Hears, once, that the file can't be written; the output is taken all the same. */
  readonly onTrouble: (error: unknown) => void;
}

/** What was kept. */
export interface Kept {
  readonly text: string;
  /** All that was printed. */
  readonly bytes: number;
  /** SHA-256 of all that was printed; empty unless it was asked for. */
  readonly digest: string;
  /** Null when the text is all, or when the file can't be written. */
  readonly file: StoredFile | null;
}

/** Keeps what a command prints on one stream: a part in memory, and all of it, up to a limit, in a file. */
export class KeptOutput {
  readonly #plan: KeptOutputPlan;
  readonly #part: BoundedOutput;
  readonly #hash: Hash | null;
  #bytes = 0;
  #file: OutputFile | null = null;
  /** Nothing goes into a file any more. */
  #isFileOver = false;

  constructor(plan: KeptOutputPlan) {
    this.#plan = plan;
    this.#hash = plan.isDigested ? createHash("sha256") : null;
    this.#part = plan.part === "end" ? keepEnd(plan.maxBytes) : keepBeginning(plan.maxBytes);
  }

  /** Takes the next piece. Where it answers with a promise, the piece may not change before that is settled. */
  take(piece: Uint8Array): Promise<void> | null {
    this.#hash?.update(piece);
    const before = this.#bytes;
    this.#bytes += piece.length;
    if (this.#bytes <= this.#plan.maxBytes || this.#isFileOver) {
      this.#part.push(piece);
      return null;
    }
    const first = before <= this.#plan.maxBytes ? this.#part.bytes().slice() : null;
    this.#part.push(piece);
    return this.#write(first, piece).catch((error: unknown) => this.#giveUp(error));
  }

  /** Closes what is open. */
  async finish(): Promise<Kept> {
    const file = this.#file === null ? null : await this.#finishFile(this.#file);
    this.#isFileOver = true;
    return {
      text: this.#text(),
      bytes: this.#bytes,
      digest: this.#hash?.digest("hex") ?? "",
      file,
    };
  }

  async #write(first: Uint8Array | null, piece: Uint8Array): Promise<void> {
    const { path, maxFileBytes } = this.#plan;
    if (first !== null) {
      this.#file = await OutputFile.create(path, maxFileBytes);
      await this.#file.append(first);
    }
    await this.#file?.append(piece);
  }

  async #finishFile(file: OutputFile): Promise<StoredFile | null> {
    try {
      return await file.finish(this.#bytes);
    } catch (error) {
      await this.#giveUp(error);
      return null;
    }
  }

  async #giveUp(error: unknown): Promise<void> {
    this.#isFileOver = true;
    await this.#file?.discard();
    this.#file = null;
    this.#plan.onTrouble(error);
  }

  /** A character that was cut in two is left out. */
  #text(): string {
    const text = this.#part.text();
    if (this.#bytes <= this.#plan.maxBytes) return text;
    return this.#plan.part === "end"
      ? text.replace(/^\uFFFD{1,3}/, "")
      : text.replace(/\uFFFD$/, "");
  }
}
