/** Keeps what a command prints without letting it take more memory than was agreed. */
export interface BoundedOutput {
  /** Takes the next piece; false when the limit has been passed. */
  push(piece: Uint8Array): boolean;
  /** What has been kept; the next piece may change it. */
  bytes(): Uint8Array;
  /** The same as text. */
  text(): string;
}

/** Keeps the beginning, up to a limit; many tiny pieces cost no more than one large one. */
export function keepBeginning(maxBytes: number): BoundedOutput {
  let kept = new Uint8Array(0);
  let used = 0;
  return {
    push(piece) {
      const taken = piece.subarray(0, maxBytes - used);
      kept = withRoom(kept, used, used + taken.length, maxBytes);
      kept.set(taken, used);
      used += taken.length;
      return taken.length === piece.length;
    },
    bytes: () => kept.subarray(0, used),
    text: () => new TextDecoder().decode(kept.subarray(0, used)),
  };
}

/** Keeps the end, up to a limit, of as much as may come. */
export function keepEnd(maxBytes: number): BoundedOutput {
  let kept = new Uint8Array(0);
  let used = 0;
  return {
    push(piece) {
      const taken = piece.subarray(Math.max(0, piece.length - maxBytes));
      const dropped = Math.max(0, used + taken.length - maxBytes);
      kept = withRoom(kept, used, used - dropped + taken.length, maxBytes);
      kept.copyWithin(0, dropped, used);
      used -= dropped;
      kept.set(taken, used);
      used += taken.length;
      return true;
    },
    bytes: () => kept.subarray(0, used),
    text: () => new TextDecoder().decode(kept.subarray(0, used)),
  };
}

const FIRST_BYTES = 1024;

/** The same bytes with room for so many, at least doubled when it has to grow. */
function withRoom(
  kept: Uint8Array<ArrayBuffer>,
  used: number,
  needed: number,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  if (needed <= kept.length) return kept;
  const larger = new Uint8Array(Math.min(maxBytes, Math.max(FIRST_BYTES, kept.length * 2, needed)));
  larger.set(kept.subarray(0, used));
  return larger;
}
