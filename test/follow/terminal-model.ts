/** A terminal of a given size that understands what a live view writes, and nothing else. */
export class TerminalModel {
  columns: number;
  rows: number;
  #lines: string[][] = [[]];
  #top = 0;
  #row = 0;
  #column = 0;
  #wraps = true;
  isCursorShown = true;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** What stands on the screen and above it, without spaces at the ends of lines. */
  get text(): readonly string[] {
    const lines = this.#lines.map((line) =>
      Array.from(line, (cell) => cell ?? " ")
        .join("")
        .trimEnd(),
    );
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  get wraps(): boolean {
    return this.#wraps;
  }

  write(text: string): void {
    const [first = "", ...controlled] = text.split("\u001B[");
    for (const char of first) this.#put(char);
    for (const part of controlled) {
      const [all, isPrivate, count, letter] = /^(\??)(\d*)([A-Za-z])/.exec(part) ?? [""];
      this.#control(`${isPrivate}${letter}`, count ?? "");
      for (const char of part.slice(all.length)) this.#put(char);
    }
  }

  #control(what: string, count: string): void {
    const line = this.#line();
    switch (what) {
      case "A":
        this.#row = Math.max(this.#top, this.#row - Number(count === "" ? 1 : count));
        break;
      case "K":
        line.length = Math.min(line.length, this.#column);
        break;
      case "J":
        line.length = Math.min(line.length, this.#column);
        this.#lines.length = this.#row + 1;
        break;
      case "?l":
      case "?h":
        if (count === "7") this.#wraps = what === "?h";
        else if (count === "25") this.isCursorShown = what === "?h";
        else throw new Error(`mode ${count}`);
        break;
      default:
        throw new Error(`the terminal does not know ${what}`);
    }
  }

  #put(char: string): void {
    if (char === "\r") this.#column = 0;
    else if (char === "\n") {
      this.#column = 0;
      this.#row += 1;
      this.#line();
      this.#top = Math.max(this.#top, this.#row - this.rows + 1);
    } else if (char < " " || char === "\u007F") {
      throw new Error(`control character ${JSON.stringify(char)}`);
    } else {
      if (this.#column >= this.columns) throw new Error("a line is too long");
      const line = this.#line();
      while (line.length < this.#column) line.push(" ");
      line[this.#column] = char;
      this.#column += 1;
    }
  }

  #line(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    const line = this.#lines[this.#row];
    if (line === undefined) throw new Error("no such line");
    return line;
  }
}
