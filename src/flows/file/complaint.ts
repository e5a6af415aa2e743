/** Something that is wrong at one place of a flow file, before that place has a line. */
export interface Complaint {
  /** JSON pointer. */
  readonly at: string;
  readonly message: string;
  /** The key there, its value, or a character of the text there, counted from 0. */
  readonly spot: "key" | "value" | number;
}

/** Something that is wrong in a flow file; lines and columns count from 1. */
export interface FlowProblem {
  /** The file's path, as it was named or found. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A complaint about a value. */
export function complain(at: string, message: string): Complaint {
  return { at, message, spot: "value" };
}

/** A complaint about a key. */
export function complainOfKey(at: string, message: string): Complaint {
  return { at, message, spot: "key" };
}
