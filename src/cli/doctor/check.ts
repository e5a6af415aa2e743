/** One line of the doctor's report. */
export interface Check {
  readonly verdict: "ok" | "warn" | "fail";
  readonly subject: string;
  readonly message: string;
  /** What to do, empty when all is well. */
  readonly hint: string;
}

/** All is well. */
export function ok(subject: string, message: string): Check {
  return { verdict: "ok", subject, message, hint: "" };
}

/** It works, but may not always. */
export function warn(subject: string, message: string, hint: string): Check {
  return { verdict: "warn", subject, message, hint };
}

/** It does not work. */
export function fail(subject: string, message: string, hint: string): Check {
  return { verdict: "fail", subject, message, hint };
}
