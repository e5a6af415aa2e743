const nothing = new Int32Array(new SharedArrayBuffer(4));

/** Lets so many milliseconds pass without doing anything else in this thread: for places that can't await. */
export function block(ms: number): void {
  Atomics.wait(nothing, 0, 0, ms);
}
