import { didYouMean } from "../../text/nearest.ts";
import type { Flow } from "../flow.ts";
import { idsIn } from "../inside.ts";
import type { Json, JsonObject } from "../json.ts";
import { isList, isObject } from "../json-fields.ts";
import { partsOf } from "../tree/place.ts";
import type { TaskKey } from "../task.ts";

/** What steps come to in a rehearsal, by step id or whole key: a stub, or one for each iteration. */
export type Stubs = JsonObject;

/** What is wrong with stubs, in sentences. */
export function findStubProblems(stubs: Json, flow: Flow): readonly string[] {
  if (!isObject(stubs)) return ["the stubs must be an object: step ids, and what each comes to"];
  const ids = idsIn(flow.steps);
  return Object.entries(stubs).flatMap(([word, stub]) => {
    const id = partsOf(word).at(-1)?.stepId ?? word;
    if (!ids.includes(id)) return [`the flow has no step "${word}"${didYouMean(id, ids)}`];
    return Array.isArray(stub) && stub.length === 0 ? [`"${word}" has an empty list`] : [];
  });
}

/** The stub of a step at one place, or undefined: that of its iteration or item, the last one from there on. */
export function stubFor(stubs: Stubs, key: TaskKey, stepId: string): Json | undefined {
  const own = Object.hasOwn(stubs, key) ? stubs[key] : undefined;
  if (own !== undefined) return isList(own) ? own.at(-1) : own;
  const stub = Object.hasOwn(stubs, stepId) ? stubs[stepId] : undefined;
  if (stub === undefined || !isList(stub)) return stub;
  const number = partsOf(key).findLast((part) => part.number !== null)?.number ?? 1;
  return stub[number - 1] ?? stub.at(-1);
}
