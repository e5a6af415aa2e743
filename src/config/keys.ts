import { commandKeys, gatewayKeys } from "./written.ts";
import type { WrittenConfig } from "./written.ts";

const configKeys = [
  "$schema",
  "handoffDir",
  "logDir",
  "registry",
  "agents",
  "acl",
  "requireCaller",
  "maxDepth",
  "timeoutSeconds",
  "retry",
  "watch",
  "gateway",
  "discord",
  "telegram",
  "notify",
  "callers",
  "questions",
  "flows",
  "store",
] as const satisfies readonly (keyof WrittenConfig)[];

const keysByPlace: readonly { readonly place: RegExp; readonly keys: readonly string[] }[] = [
  { place: /^$/, keys: configKeys },
  { place: /^\/retry$/, keys: ["attempts", "baseMs", "maxMs"] },
  { place: /^\/gateway$/, keys: ["maxConcurrent", "idleSeconds"] },
  {
    place: /^\/agents\/[^/]*$/,
    keys: [...gatewayKeys, ...commandKeys, "mode", "timeoutSeconds", "notify"],
  },
  { place: /^\/((agents\/[^/]*|telegram)\/token|store\/postgres)$/, keys: ["env", "file"] },
  { place: /^\/agents\/[^/]*\/deliver$/, keys: ["channel", "to"] },
  { place: /^\/agents\/[^/]*\/env\/[^/]*$/, keys: ["env"] },
  { place: /^\/discord$/, keys: ["apiRoot", "callers"] },
  { place: /^\/discord\/callers\/[^/]*$/, keys: ["token", "guildId"] },
  {
    place: /^\/discord\/callers\/[^/]*\/token$/,
    keys: ["env", "file", "openclaw", "account"],
  },
  {
    place: /^\/telegram$/,
    keys: ["token", "chatId", "threadId", "allowedChats", "apiRoot", "waitHours"],
  },
  { place: /^\/callers\/[^/]*$/, keys: ["notify"] },
  { place: /^\/questions$/, keys: ["foreman", "confidence", "then", "ageMinutes", "escalateTo"] },
  { place: /^\/flows$/, keys: ["dir", "limits"] },
  { place: /^\/flows\/limits$/, keys: ["steps", "agents", "groups"] },
  { place: /^\/store$/, keys: ["postgres", "agentsElsewhere"] },
];

/** The keys that may stand in the object at this JSON pointer. */
export function knownKeysAt(pointer: string): readonly string[] {
  return keysByPlace.find(({ place }) => place.test(pointer))?.keys ?? [];
}
