import { userInfo } from "node:os";
import type { Shell } from "../shell.ts";

/** Who says or starts something: as given, else the user of this process. */
export function whoIs(given: string | null, { env }: Shell): string {
  return given ?? userName() ?? env["USER"] ?? `user ${process.getuid?.() ?? "unknown"}`;
}

/** Null for a user that the system has no name for, as in some containers. */
function userName(): string | null {
  try {
    const { username } = userInfo();
    return username === "" ? null : username;
  } catch {
    return null;
  }
}
