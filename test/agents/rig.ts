/** What the suite needs to know from main.ts, which starts it. */
export interface Rig {
  readonly cache: string;
  /** An empty folder for the projects, where no agent may write by default. */
  readonly folder: string;
  readonly toolNames: readonly string[];
}

const VARIABLE = "DELEGATE_TEST_AGENTS";

/** The environment that hands a rig on to the suite's process. */
export function rigEnvironment(rig: Rig): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(rig) };
}

/** The rig of this process. */
export function readRig(): Rig {
  const value = process.env[VARIABLE];
  if (value === undefined) throw new Error("this suite is started by `npm run test:agents`");
  const rig: Rig = JSON.parse(value);
  return rig;
}
