/** A line longer than this, in bytes, is nothing that this program wrote. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const LINE_BREAK = 10;

/** Makes lines of a file's chunks as they come; what is cut off waits for its rest. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #isTooLong = false;

  /** The lines that this chunk completes. The chunk may be overwritten afterwards. */
  push(chunk: Uint8Array): readonly string[] {
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_BREAK, start);
      if (end === -1) break;
      this.#keep(chunk.subarray(start, end));
      const line = this.#take();
      if (line !== "") lines.push(line);
      start = end + 1;
    }
    // Not `slice`: a Buffer's does not copy.
    if (start < chunk.length) this.#keep(new Uint8Array(chunk.subarray(start)));
    return lines;
  }

  /** The line that has no line break yet, if nothing can be missing of it: it is JSON. Otherwise null. */
  takeWhole(): string | null {
    if (this.#bytes === 0 || this.#isTooLong) return null;
    const text = this.#decoder.decode(joined(this.#parts, this.#bytes));
    if (!text.endsWith("}") || !isJson(text)) return null;
    this.#take();
    return text;
  }

  /** Forgets what was cut off: its rest will not come. */
  reset(): void {
    this.#take();
  }

  #keep(part: Uint8Array): void {
    this.#bytes += part.length;
    if (this.#bytes > MAX_LINE_BYTES) {
      this.#isTooLong = true;
      this.#parts = [];
    } else this.#parts.push(part);
  }

  #take(): string {
    const text = this.#isTooLong ? "" : this.#decoder.decode(joined(this.#parts, this.#bytes));
    this.#parts = [];
    this.#bytes = 0;
    this.#isTooLong = false;
    return text;
  }
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
