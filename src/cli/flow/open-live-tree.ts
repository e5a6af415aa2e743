import type { Writer } from "../terminal/writer.ts";
import { LiveLines } from "../../follow/live-lines.ts";

/** Lines that change in place on this terminal; `descriptor` is its number. */
export async function openLiveTree({ write }: Writer, descriptor: 1 | 2): Promise<LiveLines> {
  const { windowSizeOf } = await import("../terminal/window-size.ts");
  const tree = new LiveLines({ write, size: windowSizeOf(descriptor) });
  process.on("SIGCONT", () => tree.startAfresh());
  return tree;
}
