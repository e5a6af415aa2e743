import { didYouMean } from "../../text/nearest.ts";

/** What the language says of a function or a sign that does not take these values, in plain words; null when it is about something else. */
export function tellWrongTypes(summary: string, functionNames: ReadonlySet<string>): string | null {
  const call = /^found no matching overload for '(?:.*\.)?(\w+)\(.*\)'$/.exec(summary);
  if (call !== null) return tellCall(call[1] ?? "", summary, functionNames);
  const operation = /^no such overload: (.+)$/.exec(summary);
  return operation === null ? null : tellOperation(withoutDyn(operation[1] ?? ""));
}

function tellCall(name: string, summary: string, functionNames: ReadonlySet<string>): string {
  if (!functionNames.has(name))
    return `there is no function "${name}"${didYouMean(name, functionNames)}`;
  const written = /'(.*)'$/.exec(summary)?.[1] ?? name;
  return `"${name}" can't be called like this: ${withoutDyn(written)}`;
}

function tellOperation(written: string): string {
  const isJoining = /^(?:string \+ |.+ \+ string$)/.test(written);
  const how = isJoining ? "; string() makes a text of a value" : "";
  return `the types don't go together: ${written}${how}`;
}

/** `dyn<string>` is a text whose type was not known before. */
function withoutDyn(written: string): string {
  return written.replaceAll(/\bdyn<([^<>]*)>/g, "$1");
}
