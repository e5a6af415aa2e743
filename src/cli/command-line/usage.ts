import type { Failure } from "../../failure.ts";
import type { CommandSpec } from "./option-spec.ts";

/** A failure of usage, with the command whose help tells more. */
export function usage(spec: CommandSpec, message: string, hint?: string): Failure {
  const command = spec.name === "" ? "delegate" : `delegate ${spec.name}`;
  return { code: "usage", message, hint: hint ?? `${command} --help tells what it takes` };
}
