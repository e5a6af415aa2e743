/** The run that a request wants ended, or null when its body names none. */
export function readCanceledRun(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    const isNamed = typeof value === "object" && value !== null && "runId" in value;
    return isNamed && typeof value.runId === "string" ? value.runId : null;
  } catch {
    return null;
  }
}
