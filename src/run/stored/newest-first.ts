import { statSync } from "node:fs";
import { runIdPattern } from "../../handoff/paths.ts";
import { eachNameIn } from "../../system/each-name-in.ts";
import { namesIn } from "../../system/names-in.ts";
import { createdAtOfRunId, isMadeRunId } from "../ids.ts";
import { GreatestNames } from "./greatest-names.ts";

/** As many of our own ids are found by the first look; most who ask want fewer. */
const FIRST_LOOK = 2_000;

/** The ids of all runs. Our own tell when they were made; only a run with somebody's own id has to be asked for its age. */
export function* newestFirst(handoffDir: string): Generator<string> {
  const own: { readonly runId: string; readonly createdAtMs: number }[] = [];
  const made = new GreatestNames(FIRST_LOOK);
  for (const name of eachNameIn(handoffDir)) {
    if (isMadeRunId(name)) made.add(name);
    else if (runIdPattern.test(name))
      own.push({ runId: name, createdAtMs: birthOf(`${handoffDir}/${name}`) });
  }
  own.sort((a, b) => b.createdAtMs - a.createdAtMs);
  let next = own.shift();
  for (const runId of withOlder(made.greatestFirst(), handoffDir)) {
    const createdAtMs = createdAtOfRunId(runId) ?? 0;
    for (; next !== undefined && next.createdAtMs > createdAtMs; next = own.shift())
      yield next.runId;
    yield runId;
  }
  for (; next !== undefined; next = own.shift()) yield next.runId;
}

/** The others are looked up only for whoever goes on asking. */
function* withOlder(newest: readonly string[], handoffDir: string): Generator<string> {
  yield* newest;
  const oldest = newest.at(-1);
  if (oldest === undefined || newest.length < FIRST_LOOK) return;
  const older = namesIn(handoffDir).filter((name) => name < oldest && isMadeRunId(name));
  yield* older.toSorted().toReversed();
}

function birthOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 0 : stats.birthtimeMs || stats.mtimeMs;
}
