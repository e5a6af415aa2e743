import type { Problem } from "../../failure.ts";
import { plainLine } from "../../text/plain.ts";

/** All that is wrong with a document, for people and agents. */
export function describeProblems(name: string, problems: readonly Problem[]): string {
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  const lines = problems.map(
    ({ at, message }) => `  ${plainLine(`${at === "" ? "(whole document)" : at}: ${message}`)}\n`,
  );
  return `${plainLine(name)}: ${count}\n${lines.join("")}`;
}
