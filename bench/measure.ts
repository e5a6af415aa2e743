import { spawnSync } from "node:child_process";

/** A command that is timed as a whole process. */
export interface TimedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** Milliseconds on a clock that only moves on. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Times several commands in turn, A B C A B C …, so that a machine that gets slower in between slows all of them; after
 * two rounds that don't count. One list of milliseconds for each command.
 */
export function timeInTurn(commands: readonly TimedCommand[], rounds: number): readonly number[][] {
  const times = commands.map((): number[] => []);
  for (let round = -2; round < rounds; round += 1) {
    commands.forEach((command, index) => {
      const ms = timeOnce(command);
      if (round >= 0) times[index]?.push(ms);
    });
  }
  return times;
}

/** Times a command as a whole process; it has to go well. */
export function timeOnce({ file, args, cwd }: TimedCommand): number {
  const startedAt = nowMs();
  const { status, stderr } = spawnSync(file, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const ms = nowMs() - startedAt;
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} failed: ${stderr.toString()}`);
  return ms;
}

/** The value below which this part of all values lies; 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** The median of A/B over pairs that were measured one right after the other. */
export function pairedRatio(values: readonly number[], base: readonly number[]): number {
  return quantile(
    values.map((value, index) => value / (base[index] ?? Number.NaN)),
    0.5,
  );
}
