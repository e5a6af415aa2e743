import { WriteStream } from "node:tty";

/** How many columns a terminal has now; 80 where that can't be known. */
export function columnsOf(fd: 1 | 2): () => number {
  const terminal = new WriteStream(fd);
  terminal.unref();
  return () => (terminal.columns > 0 ? terminal.columns : 80);
}
