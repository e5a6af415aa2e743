import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completionScript } from "../../src/cli/completion/completion.ts";
import type { CompletionShell } from "../../src/cli/command.ts";
import { allCommands } from "../../src/cli/completion/words.ts";
import { delegateGrammar } from "../../src/cli/grammar/delegate.ts";
import { commandGrammars } from "../../src/cli/grammar/table.ts";

const shells = ["bash", "zsh", "fish"] as const;
let folder: string;
let env: NodeJS.ProcessEnv;

/** A `delegate` that knows two agents and two runs. */
const standIn = `#!/bin/sh
case "$1" in
  agents) printf '{\\n  "agents": [\\n    {\\n      "name": "lead",\\n      "health": "healthy"\\n    },\\n    {\\n      "name": "coder",\\n    }\\n  ]\\n}\\n' ;;
  flow) case "$2" in
    files) printf '{\\n  "flows": [\\n    {\\n      "name": "build",\\n    },\\n    {\\n      "name": "review",\\n    }\\n  ]\\n}\\n' ;;
    list) printf '{\\n  "flowRuns": [\\n    {\\n      "flowRunId": "flow-1",\\n    }\\n  ]\\n}\\n' ;;
  esac ;;
  questions) printf '{\\n  "questions": [\\n    {\\n      "id": "run-1.q1",\\n    }\\n  ]\\n}\\n' ;;
  list) printf '{\\n  "runs": [\\n    {\\n      "runId": "run-1",\\n    },\\n    {\\n      "runId": "run-2",\\n    }\\n  ]\\n}\\n' ;;
esac
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "delegate-completion-"));
  writeFileSync(join(folder, "delegate"), standIn);
  chmodSync(join(folder, "delegate"), 0o755);
  for (const shell of shells) writeFileSync(join(folder, shell), completionScript(shell));
  env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isInstalled(shell: CompletionShell): boolean {
  try {
    execFileSync(shell, ["-c", "exit"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test("a shell that nobody thought of is told as a bug", () => {
  const shell: CompletionShell = JSON.parse('"powershell"');
  expect(() => completionScript(shell)).toThrow(/unexpected case: "powershell"/);
});

/** What bash offers for the last of these words. */
function offers(...words: readonly string[]): readonly string[] {
  const script = `source "$0/bash"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _delegate; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ["--norc", "--noprofile", "-c", script, folder, "delegate", ...words];
  const text = execFileSync("bash", args, { env, encoding: "utf8" });
  return text.split("\n").filter((line) => line !== "");
}

describe("every shell's script", () => {
  test.each(shells)("names every command and option: %s", (shell) => {
    const script = completionScript(shell);
    for (const { name, options } of allCommands) {
      for (const word of name.split(" ")) expect(script).toContain(word);
      for (const option of options) {
        const word = option.kind === "negatable" ? `no-${option.name}` : option.name;
        expect(script).toMatch(new RegExp(`(--|-l )${word}\\b`));
      }
    }
  });

  for (const shell of shells) {
    test.skipIf(!isInstalled(shell))(`is taken by ${shell}`, () => {
      execFileSync(shell, ["-n", join(folder, shell)], { stdio: "pipe" });
    });
  }

  test("quotes what it says to fish", () => {
    const lines = completionScript("fish").trimEnd().split("\n").slice(1);
    const word = String.raw`(?:'(?:[^'\\]|\\['\\])*'|[^\s'"$\\]+)`;
    for (const line of lines) expect(line).toMatch(new RegExp(`^complete( ${word})+$`));
  });
});

describe.skipIf(!isInstalled("bash"))("bash offers", () => {
  test("commands and agents for the first word", () => {
    expect(offers("")).toEqual([...commandGrammars.map(({ name }) => name), "lead", "coder"]);
    expect(offers("l")).toEqual(["list", "logs", "lead"]);
  });

  test.each<[readonly string[], readonly string[]]>([
    [["-"], delegateGrammar.options.map(({ name, kind }) => long(name, kind))],
    [["lead", "--dr"], ["--dry-run"]],
    [["lead", "do it", "--no-w"], ["--no-wait"]],
    [["wait", "--ti"], ["--timeout"]],
    [
      ["wait", ""],
      ["run-1", "run-2"],
    ],
    [["show", "run-2"], ["run-2"]],
    [
      ["gateway", "st"],
      ["start", "status", "stop"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["acl", ""], ["explain"]],
    [["acl", "explain", "c"], ["coder"]],
    [
      ["acl", "explain", "lead", ""],
      ["lead", "coder"],
    ],
    [["answer", ""], ["run-1.q1"]],
    [
      ["lead", "do it", "--format", ""],
      ["json", "text"],
    ],
    [["lead", "do it", "--format", "=", "te"], ["text"]],
    [
      ["wait", "run-1", "--format", "="],
      ["json", "text"],
    ],
    [["flow", "graph", "build", "--format", "m"], ["mermaid"]],
    [["wait", "--config", ""], []],
    [["lead", ""], []],
    [
      ["flow", "re"],
      ["reject", "resume", "retry"],
    ],
    [["flow", "run"], ["run"]],
    [
      ["flow", "run", ""],
      ["build", "review"],
    ],
    [["flow", "run", "build", "--dr"], ["--dry-run"]],
    [["flow", "show", ""], ["flow-1"]],
    [["flow", "validate", "build", "re"], ["review"]],
    [["worker", "--id"], ["--idle-timeout"]],
  ])("for %j: %j", (words, offered) => {
    expect(offers(...words)).toEqual(offered);
  });
});

function long(name: string, kind: string): string {
  return kind === "negatable" ? `--no-${name}` : `--${name}`;
}
