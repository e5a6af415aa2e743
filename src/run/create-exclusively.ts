import { linkSync, rmSync, writeFileSync } from "node:fs";
import { codeOf } from "../thrown.ts";

/**
 * Creates a file with its whole content, or says that there is one already: of several processes one succeeds. The
 * content is written aside first, into a file that goes away once that is decided.
 */
export function createExclusively(
  path: string,
  content: string,
  own = `${path}.${process.pid}.tmp`,
): boolean {
  try {
    writeFileSync(own, content, { mode: 0o600 });
    linkSync(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    return createWithoutLink(path, content, error);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Some file systems know no hard links; there the content may be seen half-written for an instant. */
function createWithoutLink(path: string, content: string, cause: unknown): boolean {
  if (!["EPERM", "ENOTSUP", "EOPNOTSUPP"].includes(codeOf(cause) ?? "")) throw cause;
  try {
    writeFileSync(path, content, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}
