import { didYouMean } from "../text/nearest.ts";
import { failure, success } from "../failure.ts";
import type { Result } from "../failure.ts";
import type { AgentMode, CommandHandoff } from "./config.ts";

/** How a program is called in one mode. */
export interface PresetCall {
  /** Arguments without the program; `{handoffDir}` stands for the handoff folder. */
  readonly args: readonly string[];
  /** Variables set for it besides the inherited ones. */
  readonly env: Readonly<Record<string, string>>;
}

/** A command-line agent that people have, and how it runs without a person in front of it. */
export interface Preset {
  readonly program: string;
  /** The version whose flags were tried against a stand-in model, in both modes. */
  readonly checkedVersion: string;
  /** Arguments that must stand behind all others. */
  readonly last: readonly string[];
  readonly write: PresetCall;
  /** How it runs when it may only read, or null when it can't be held to that. */
  readonly plan: PresetCall | null;
}

/** A preset in one mode, ready to be run. */
export interface ResolvedPreset extends PresetCall {
  readonly program: string;
  /** All of them take the message on stdin, which knows no limit of length. */
  readonly prompt: "stdin";
  readonly last: readonly string[];
  /** An agent that can only read can't write the file, so its output becomes the result. */
  readonly handoff: CommandHandoff;
}

/** Finds how a known command-line agent is called; one that has no read-only mode never runs in its place with write access. */
export function resolvePreset(name: string, mode: AgentMode): Result<ResolvedPreset> {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset === undefined) {
    return failure({
      code: "config_invalid",
      message: `there is no preset "${name}"${didYouMean(name, presetNames)}`,
      hint: `use one of ${presetNames.join(", ")}, or "command"`,
    });
  }
  const presetCall = preset[mode];
  if (presetCall === null) {
    return failure({
      code: "config_invalid",
      message: `the preset "${name}" has no read-only mode`,
      hint: `use one of ${presetNames.filter((other) => presets[other]?.plan).join(", ")}, or "mode": "write"`,
    });
  }
  return success({
    ...presetCall,
    program: preset.program,
    prompt: "stdin",
    last: preset.last,
    handoff: mode === "plan" ? "stdout" : "file",
  });
}

/** Takes the tools away with which something can be changed; opencode's plan agent alone still runs shell commands. */
const noWritingTools = { edit: "deny", bash: "deny", task: "deny" };

/** The known command-line agents by name. */
export const presets: Readonly<Record<string, Preset>> = {
  claude: {
    program: "claude",
    checkedVersion: "2.1.329",
    last: [],
    write: call([
      "-p",
      "--permission-mode",
      "acceptEdits",
      "--allowedTools",
      "Bash",
      "--add-dir",
      "{handoffDir}",
    ]),
    plan: call(["-p", "--permission-mode", "plan", "--tools", "Read,Grep,Glob"]),
  },
  codex: {
    program: "codex",
    checkedVersion: "0.169.0",
    last: ["-"],
    write: call([
      "exec",
      "--sandbox",
      "workspace-write",
      "--skip-git-repo-check",
      "--add-dir",
      "{handoffDir}",
    ]),
    plan: call(["exec", "--sandbox", "read-only", "--skip-git-repo-check"]),
  },
  gemini: {
    program: "gemini",
    checkedVersion: "0.61.0",
    last: [],
    write: call([
      "--skip-trust",
      "--approval-mode",
      "yolo",
      "--include-directories",
      "{handoffDir}",
    ]),
    // Its plan mode can be left by the model itself, which then may write; only a policy file prevents that.
    plan: null,
  },
  opencode: {
    program: "opencode",
    checkedVersion: "1.18.33",
    last: [],
    write: call(["run", "--auto"]),
    plan: call(["run", "--agent", "plan"], {
      // Without the last one, a look at a file elsewhere ends the run with empty output.
      OPENCODE_PERMISSION: JSON.stringify({ ...noWritingTools, external_directory: "allow" }),
    }),
  },
  qwen: {
    program: "qwen",
    checkedVersion: "0.24.4",
    last: [],
    write: call(["--approval-mode", "yolo"]),
    plan: call(["--approval-mode", "plan"]),
  },
  copilot: {
    program: "copilot",
    checkedVersion: "1.0.102",
    last: [],
    write: call(["-s", "--no-ask-user", "--allow-all-tools", "--add-dir", "{handoffDir}"]),
    plan: call(["-s", "--no-ask-user", "--mode", "plan", "--deny-tool=write", "--deny-tool=shell"]),
  },
  droid: {
    program: "droid",
    checkedVersion: "0.225.2",
    last: [],
    write: call(["exec", "--auto", "medium"]),
    // Without --only-tools its default mode, called read-only, still runs commands that write.
    plan: call(["exec", "--only-tools", "Read,LS,Grep,Glob"]),
  },
  kilo: {
    program: "kilo",
    checkedVersion: "7.7.9",
    last: [],
    write: call(["run", "--auto"]),
    plan: call(["run", "--agent", "plan"], { KILO_PERMISSION: JSON.stringify(noWritingTools) }),
  },
  pi: {
    program: "pi",
    checkedVersion: "0.73.1",
    last: [],
    write: call(["-p", "--no-session"]),
    plan: call(["-p", "--no-session", "--tools", "read,grep,find,ls"]),
  },
};

function call(args: readonly string[], env: Readonly<Record<string, string>> = {}): PresetCall {
  return { args, env };
}

/** The names of all presets, in the order in which they are shown. */
export const presetNames: readonly string[] = Object.keys(presets);
