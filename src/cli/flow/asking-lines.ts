import type { Asking } from "../../flows/view/asking.ts";
import { plainLine, plainText } from "../../text/plain.ts";

/** More lines of what is shown are left to `delegate flow show`. */
const MOST_LINES = 30;

/** What a step wants of somebody, for a terminal. */
export function askingLines(
  { title, shown, commands }: Asking,
  flowRunId: string,
): readonly string[] {
  const lines = shown === "" ? [] : plainText(shown).trimEnd().split("\n");
  const more = lines.length - MOST_LINES;
  const cut = more > 0 ? [`… ${more} more lines: delegate flow show ${flowRunId}`] : [];
  return [
    `delegate: ${plainLine(title)}`,
    ...[...lines.slice(0, MOST_LINES), ...cut].map((line) => `  ${line}`.trimEnd()),
    ...commandLines(commands),
  ];
}

/** The commands of which somebody is to choose one. */
export function commandLines(commands: readonly string[]): readonly string[] {
  return commands.map(
    (command, index) => `  ${index === 0 ? "to do" : "   or"}: ${plainLine(command)}`,
  );
}
