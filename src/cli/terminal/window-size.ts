import { WriteStream } from "node:tty";

/** How large a terminal is at each moment; 80 by 24 where that can't be known. */
export function windowSizeOf(fd: 1 | 2): () => { columns: number; rows: number } {
  const terminal = new WriteStream(fd);
  terminal.unref();
  return () => {
    const [columns, rows] = terminal.getWindowSize();
    return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
  };
}
