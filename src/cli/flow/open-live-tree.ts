import type { Writer } from "../terminal/writer.ts";
import { LiveTree } from "./live-tree.ts";

/** Lines that change in place on this terminal; `descriptor` is its number. */
export async function openLiveTree({ write }: Writer, descriptor: 1 | 2): Promise<LiveTree> {
  const { windowSizeOf } = await import("../terminal/window-size.ts");
  const tree = new LiveTree({ write, size: windowSizeOf(descriptor) });
  process.on("SIGCONT", () => tree.startAfresh());
  return tree;
}
