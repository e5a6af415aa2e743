import type { IncomingMessage } from "node:http";

/** A request's body, or why there is none. */
export type BodyReading =
  | { readonly kind: "body"; readonly text: string }
  | { readonly kind: "too_large" }
  | { readonly kind: "timeout" }
  | { readonly kind: "aborted" };

/** Reads a body up to a size and within a time; beyond either it is read no further. */
export function readBody(
  request: IncomingMessage,
  { maxBytes, limitMs }: { readonly maxBytes: number; readonly limitMs: number },
): Promise<BodyReading> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const settle = (reading: BodyReading): void => {
      clearTimeout(clock);
      request.off("data", take);
      request.pause();
      resolve(reading);
    };
    const take = (piece: Buffer): void => {
      bytes += piece.length;
      if (bytes > maxBytes) settle({ kind: "too_large" });
      else pieces.push(piece);
    };
    const clock = setTimeout(() => settle({ kind: "timeout" }), limitMs);
    request.on("data", take);
    request.once("end", () =>
      settle({ kind: "body", text: Buffer.concat(pieces).toString("utf8") }),
    );
    request.once("error", () => settle({ kind: "aborted" }));
    request.once("close", () => settle({ kind: "aborted" }));
  });
}
