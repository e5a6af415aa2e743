import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { TimedCommand } from "./measure.ts";
import { nowMs } from "./measure.ts";
import type { BenchGateway, GatewayState, Unanswered } from "./project.ts";

/** A process that waits for its agent. */
export interface WaitingRun {
  readonly child: ChildProcess;
  readonly call: Unanswered;
  /** Resolves with the moment of its end. */
  readonly ended: Promise<number>;
}

/** Starts a command that calls the silent agent, and resolves when its task is with the gateway. */
export async function startWaiting(
  command: TimedCommand,
  gateway: BenchGateway,
): Promise<WaitingRun> {
  await gateway.forget();
  const { file, args, cwd } = command;
  const child = spawn(file, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("exit", (code) =>
      code === 0 ? resolve(nowMs()) : reject(new Error(`${args.join(" ")} ended with ${code}`)),
    );
  });
  const { unanswered } = await stateWhen(gateway, (state) => state.unanswered.length > 0);
  const [call] = unanswered;
  if (call === undefined) throw new Error("no call");
  return { child, call, ended };
}

/** The gateway's state as soon as it is as wanted. */
export async function stateWhen(
  gateway: BenchGateway,
  isWanted: (state: GatewayState) => boolean,
): Promise<GatewayState> {
  const giveUpAt = nowMs() + 60_000;
  for (;;) {
    const state = await gateway.state();
    if (isWanted(state)) return state;
    if (nowMs() > giveUpAt) throw new Error("the gateway was not called in time");
    await sleep(10);
  }
}
