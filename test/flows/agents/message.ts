import { readFileSync } from "node:fs";

/** The message that a command agent is given. */
export function readMessage(): string {
  return readFileSync(0, "utf8");
}

/** The name of the persona at the beginning of the task, as its file is called; empty when there is none. */
export function personaIn(message: string): string {
  const title = /^## The task\n\n# (.+)$/m.exec(message)?.[1] ?? "";
  return title.toLowerCase().replaceAll(" ", "-");
}

/** What stands behind a heading, up to the next one. */
export function sectionOf(message: string, heading: string): string {
  const start = message.indexOf(`\n## ${heading}`);
  if (start === -1) return "";
  const rest = message.slice(start + 1);
  const end = rest.indexOf("\n## ");
  return end === -1 ? rest : rest.slice(0, end);
}

/** The material between the first two lines of tildes. */
export function materialIn(section: string): string {
  return /^~{12}\n([\s\S]*?)\n~{12}$/m.exec(section)?.[1] ?? "";
}
