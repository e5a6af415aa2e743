import { commandNames } from "../../command-names.ts";
import type { Failure } from "../../failure.ts";
import { nearest } from "../../text/nearest.ts";
import type { CommandSpec } from "./option-spec.ts";

/** A failure of usage, with the command whose help tells more. */
export function usage(spec: CommandSpec, message: string, hint?: string): Failure {
  const command = spec.name === "" ? "delegate" : `delegate ${spec.name}`;
  return { code: "usage", message, hint: hint ?? `${command} --help tells what it takes` };
}

/** A hint to a delegation that makes no sense, with the command that its first word may have been meant to be. */
export function orCommand(hint: string, firstWord: string | undefined): string {
  const guess = firstWord === undefined ? null : nearest(firstWord, commandNames);
  return guess === null || guess === firstWord
    ? hint
    : `${hint}; or did you mean delegate ${guess}?`;
}
