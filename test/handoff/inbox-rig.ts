import { readdirSync, readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { Inbox, InboxReading } from "../../src/handoff/inbox.ts";
import { openInbox } from "../../src/handoff/inbox.ts";
import { expecting } from "./samples.ts";
import { temporaryFolder } from "../rig/temporary-folder.ts";

/** An open inbox and all that it has told. */
export interface InboxRig {
  readonly folder: string;
  readonly inbox: Inbox;
  readonly told: readonly Told[];
  readonly timesGone: () => number;
  readonly timesMail: () => number;
  /** The path of an attempt's file. */
  path(attempt?: number): string;
  /** Resolves with the first telling, past or to come, that is not merely a sign of life. */
  verdict(): Promise<Told>;
  /** Resolves when the condition holds after some telling. */
  until(condition: () => boolean): Promise<void>;
}

interface Told {
  readonly attempt: number;
  readonly reading: InboxReading;
}

/** Opens an inbox on a folder that both go away after the test. */
export async function openRig(poll = false, folder = temporaryFolder()): Promise<InboxRig> {
  const told: Told[] = [];
  let timesGone = 0;
  let timesMail = 0;
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const look of woken) look();
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const inbox = openInbox({
    folder,
    expectation: expecting(),
    poll,
    listener: {
      hearReading(attempt, reading) {
        told.push({ attempt, reading });
        wake();
      },
      hearMail() {
        timesMail += 1;
        wake();
      },
      hearFolderGone() {
        timesGone += 1;
        wake();
      },
    },
  });
  onTestFinished(() => inbox.close());
  const findVerdict = () => told.find(({ reading }) => reading.kind !== "touched");
  return {
    folder,
    inbox,
    told,
    timesGone: () => timesGone,
    timesMail: () => timesMail,
    path: (attempt = 1) => `${folder}/attempt-${attempt}.json`,
    until,
    async verdict() {
      await until(() => findVerdict() !== undefined);
      const found = findVerdict();
      if (found === undefined) throw new Error("nothing was told");
      return found;
    },
  };
}

/** How many inotify watches this process holds; null where that can't be told. */
export function countWatches(): number | null {
  if (process.platform !== "linux") return null;
  let count = 0;
  for (const name of readdirSync("/proc/self/fdinfo")) {
    count += linesOf(`/proc/self/fdinfo/${name}`).filter((line) =>
      line.startsWith("inotify wd"),
    ).length;
  }
  return count;
}

/** The descriptor with which the folder is listed is gone when its turn comes. */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
