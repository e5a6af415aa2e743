import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { giveUp, handOver } from "./hand-over.ts";
import { readMessage, sectionOf } from "./message.ts";

// A coder that edits `greet.mjs` in its folder. It knows only what its message says: that a check wants other words, that a
// reviewer wants empty names refused, that a person wants another greeting. What it is not told, it gets wrong.
// With a word behind it, it is worse: `stubborn` listens to nobody, `committing` commits, `idle` changes nothing, `unable`
// gives up.

const message = readMessage();
const [manner = ""] = process.argv.slice(2);
appendFileSync(".git/coder-messages.md", `${message}\n\u0000\n`);

/** What stands in the file already is kept; a coder goes on from there. */
function currentGreeting(): string {
  if (!existsSync("greet.mjs")) return "Hello ${name}";
  return /return `(.*)`;/.exec(readFileSync("greet.mjs", "utf8"))?.[1] ?? "Hello ${name}";
}

function refusesEmptyNames(): boolean {
  return existsSync("greet.mjs") && readFileSync("greet.mjs", "utf8").includes("throw");
}

function edit(): string[] {
  const wanted = /expected "(.*?)Ada(.*?)"/.exec(sectionOf(message, "What came of"));
  const asked = /say "(.*?)"/.exec(sectionOf(message, "What a person said"))?.[1];
  const isToRefuse = sectionOf(message, "Critiques of the last review").includes("empty name");
  let greeting = currentGreeting();
  if (wanted !== null) greeting = `${wanted[1]}\${name}${wanted[2]}`;
  if (asked !== undefined) greeting = greeting.replace("Hello", asked);
  const lines = [
    "export function greet(name) {",
    ...(isToRefuse || refusesEmptyNames()
      ? ['  if (name === "") throw new Error("there is no name");']
      : []),
    `  return \`${greeting}\`;`,
    "}",
  ];
  writeFileSync("greet.mjs", `${lines.join("\n")}\n`);
  return [
    ...(isToRefuse ? ["an empty name is refused"] : []),
    ...(asked === undefined ? [] : [`it says ${asked}`]),
  ];
}

function commitAll(): void {
  const identity = ["-c", "user.name=Coder", "-c", "user.email=coder@localhost"];
  execFileSync("git", ["add", "-A"]);
  execFileSync("git", [...identity, "commit", "-q", "--allow-empty", "-m", "Mine"]);
}

function work(): string[] {
  switch (manner) {
    case "idle":
    case "unable":
      return [];
    case "stubborn":
      writeFileSync("greet.mjs", "export const greet = (name) => `Hello ${name}`;\n");
      return [];
    default:
      return edit();
  }
}

const done = work();
if (manner === "committing") commitAll();
if (manner === "unable") giveUp("the task contradicts itself");
else {
  handOver({
    type: "code",
    result: "greet.mjs greets people.",
    data: {
      subject: "Greet people by their name",
      body: "Callers no longer build the words themselves.",
      checks: [{ kind: "not-verified", why: "the check of the flow runs afterwards" }],
      answers: done.map((to) => ({ to, isDone: true, how: "in greet.mjs" })),
    },
  });
}
