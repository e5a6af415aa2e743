import type { Json } from "../../../json/json.ts";
import { complain } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { durationMs } from "../duration.ts";
import { fieldOf, textOf } from "../../../json/json-fields.ts";
import type { OutlineStep } from "../outline.ts";

interface Bounds {
  readonly mayBeNothing: boolean;
  readonly mostMs: number;
  readonly most: string;
}

const DAY: Bounds = { mayBeNothing: true, mostMs: 86_400_000, most: "1d" };
const YEAR: Bounds = { mayBeNothing: false, mostMs: 365 * 86_400_000, most: "365d" };

/** Times that are too long, nothing, or in the wrong order. */
export function checkTimes({ json, at }: OutlineStep): readonly Complaint[] {
  const retry = json["retry"];
  return [
    ...checkLength(json, at, "timeout", YEAR),
    ...checkLength(json, at, "idle-timeout", YEAR),
    ...checkLength(retry, `${at}/retry`, "base", DAY),
    ...checkLength(retry, `${at}/retry`, "max", DAY),
    ...checkOrder(json, at, "idle-timeout", "timeout"),
    ...checkOrder(retry, `${at}/retry`, "base", "max"),
  ];
}

/** Seconds are the schema's business; of a text it only knows the form. */
function checkLength(
  parent: Json | undefined,
  at: string,
  key: string,
  { mayBeNothing, mostMs, most }: Bounds,
): readonly Complaint[] {
  const written = textOf(parent, key);
  const ms = durationMs(written ?? undefined);
  if (ms === null) return [];
  const isNothing = ms === 0 && !mayBeNothing;
  if (!isNothing && ms <= mostMs) return [];
  return [
    complain(`${at}/${key}`, `"${key}" must be ${isNothing ? "more than 0" : `at most ${most}`}`),
  ];
}

function checkOrder(
  parent: Json | undefined,
  at: string,
  shorter: string,
  longer: string,
): readonly Complaint[] {
  const least = durationMs(fieldOf(parent, shorter));
  const most = durationMs(fieldOf(parent, longer));
  return least !== null && most !== null && least > most
    ? [complain(`${at}/${shorter}`, `"${shorter}" must not be more than "${longer}"`)]
    : [];
}
