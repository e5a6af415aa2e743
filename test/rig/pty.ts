import { spawn, spawnSync } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";

/** A command on a pseudo-terminal. Keys and a new size go through lines on stdin: `INT`, `TYPE yes`, `SIZE 80 10`. */
const program = `
import fcntl, os, pty, select, signal, struct, sys, termios
columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
def size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
pid, fd = pty.fork()
if pid == 0:
    size(0, columns, rows)
    os.execvp(command[0], command)
while True:
    ready, _, _ = select.select([fd, 0], [], [])
    if 0 in ready:
        asked = os.read(0, 65536).decode().splitlines() or ["KILL"]
        for words in map(str.split, asked):
            if words == ["INT"]: os.write(fd, b"\\x03")
            elif words == ["KILL"]: os.kill(pid, signal.SIGKILL)
            elif words[0] == "TYPE": os.write(fd, " ".join(words[1:]).encode() + b"\\n")
            else: size(fd, int(words[1]), int(words[2]))
    if fd in ready:
        try: data = os.read(fd, 65536)
        except OSError: data = b""
        if not data: break
        os.write(1, data)
status = os.waitpid(pid, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`;

/** Whether there are pseudo-terminals to be had here. */
export const hasPty =
  spawnSync("python3", ["-c", "import pty, fcntl, termios; pty.openpty()"]).status === 0;

/** A program on a terminal of its own. */
export class PtyProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly end: Promise<number | null>;
  #output = "";

  constructor(
    command: readonly string[],
    size: { readonly columns: number; readonly rows: number },
    options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
  ) {
    const args = ["-uc", program, String(size.columns), String(size.rows), ...command];
    this.#child = spawn("python3", args, { ...options, stdio: "pipe" });
    this.#child.stdin.on("error", () => undefined);
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    this.end = new Promise((resolve) => this.#child.once("close", (exitCode) => resolve(exitCode)));
  }

  /** All that the program has written to its terminal. */
  get output(): string {
    return this.#output;
  }

  /** Presses Ctrl-C. */
  interrupt(): void {
    this.#child.stdin.write("INT\n");
  }

  /** Types a line. */
  type(line: string): void {
    this.#child.stdin.write(`TYPE ${line}\n`);
  }

  /** Makes the terminal larger or smaller. */
  resize(columns: number, rows: number): void {
    this.#child.stdin.write(`SIZE ${columns} ${rows}\n`);
  }

  /** Ends it, if it is still there. */
  async dispose(): Promise<void> {
    this.#child.stdin.end("KILL\n");
    await this.end;
  }
}
