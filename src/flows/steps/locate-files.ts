import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Outcome } from "../../run/outcome.ts";
import type { StoredFile } from "../task.ts";
import { fileUri } from "./file-uri.ts";

/** What is larger has no digest: nobody would wait for it. */
const MAX_FILE_BYTES = 1024 ** 3;

/**
 * An outcome whose files, as far as this machine has them, say where they are and what is in them: steps on other
 * machines find nothing under the path alone, or something else.
 */
export async function locateFiles(outcome: Outcome): Promise<Outcome> {
  const { deliverable, artifacts } = outcome;
  return {
    ...outcome,
    ...(deliverable ? { deliverable: { ...deliverable, ...(await located(deliverable)) } } : {}),
    ...(artifacts === undefined ? {} : { artifacts: await Promise.all(artifacts.map(withPlace)) }),
  };
}

async function withPlace(artifact: unknown): Promise<unknown> {
  if (typeof artifact !== "object" || artifact === null) return artifact;
  return { ...artifact, ...(await located(artifact)) };
}

/** Nothing when there is no such file here, or when the agent has said itself where it is. */
async function located(named: object): Promise<Partial<StoredFile>> {
  if ("uri" in named || !("path" in named)) return {};
  const { path } = named;
  if (typeof path !== "string" || !isAbsolute(path)) return {};
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size > MAX_FILE_BYTES) return {};
    return { path, uri: fileUri(path), ...(await digestOf(path)) };
  } catch {
    return {};
  }
}

async function digestOf(path: string): Promise<Pick<StoredFile, "bytes" | "sha256">> {
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(createReadStream(path, { end: MAX_FILE_BYTES - 1 }), async (pieces) => {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
    }
  });
  return { bytes, sha256: hash.digest("hex") };
}
