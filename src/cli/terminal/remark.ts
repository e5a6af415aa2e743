import { plainLine } from "../../text/plain.ts";
import type { Writer } from "./writer.ts";

/** Says something to people, in one line on stderr. */
export function remark(text: string, { stderr }: { readonly stderr: Writer }): void {
  stderr.write(`delegate: ${plainLine(text)}\n`);
}
