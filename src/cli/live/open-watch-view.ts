import type { ChangeWatch } from "../../follow/change-watch.ts";
import { PlainView } from "../../follow/plain-view.ts";
import type { WatchView } from "../../follow/watch-view.ts";
import { plainLine } from "../../text/plain.ts";
import type { Shell } from "../shell.ts";
import { canRedraw } from "../terminal/writer.ts";

/** A live view on a terminal; elsewhere, and where nothing may move, lines. */
export async function openWatchView(
  isPlain: boolean,
  change: ChangeWatch,
  shell: Shell,
): Promise<WatchView> {
  const { stdout, env } = shell;
  if (isPlain || !canRedraw(stdout, env) || (env["NO_COLOR"] ?? "") !== "")
    return new PlainView((line) => stdout.write(`${plainLine(line)}\n`));
  const { LiveView } = await import("../../follow/live-view.ts");
  const { windowSizeOf } = await import("../terminal/window-size.ts");
  const view = new LiveView({ write: stdout.write, size: windowSizeOf(1), plain: plainLine });
  process.on("SIGWINCH", () => change.notice());
  process.on("SIGCONT", () => {
    view.startAfresh();
    change.notice();
  });
  return view;
}
