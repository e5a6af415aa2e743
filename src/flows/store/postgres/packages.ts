import { codeOf } from "../../../thrown.ts";
import type { Failure, Result } from "../../../failure.ts";
import { failure, success } from "../../../failure.ts";

/** The driver of Postgres. */
export type Driver = Pick<typeof import("pg"), "Client" | "Pool" | "types">;

/** DBOS, with what only its executor can do and its settings that have no other door. */
export interface Dbos {
  readonly DBOS: (typeof import("@dbos-inc/dbos-sdk"))["DBOS"];
  readonly DBOSClient: (typeof import("@dbos-inc/dbos-sdk"))["DBOSClient"];
  readonly getExecutor: (typeof import("@dbos-inc/dbos-sdk/internal/dbos"))["getExecutor"];
  readonly retries: (typeof import("@dbos-inc/dbos-sdk/internal/utils"))["dbRetryConfig"];
}

/** What is used of DBOS is not all public, so that only this version will do. */
const DBOS_VERSION = "5.3.0";

/** Loads the driver; it is installed only where it is wanted. */
export async function loadDriver(): Promise<Result<Driver>> {
  const loaded = await load(() => import("pg"));
  return loaded.ok ? success(loaded.value.default) : loaded;
}

/** Loads DBOS; only who works or removes needs it. */
async function loadDbos(): Promise<Result<Dbos>> {
  const loaded = await load(async () => ({
    ...(await import("@dbos-inc/dbos-sdk")),
    internal: await import("@dbos-inc/dbos-sdk/internal/dbos"),
    utils: await import("@dbos-inc/dbos-sdk/internal/utils"),
  }));
  if (!loaded.ok) return loaded;
  const { DBOS, DBOSClient, internal, utils } = loaded.value;
  const { dbosVersion } = utils.globalParams;
  if (dbosVersion !== DBOS_VERSION)
    return failure(
      missing(`@dbos-inc/dbos-sdk is installed as ${dbosVersion}, not ${DBOS_VERSION}`),
    );
  const { getExecutor } = internal;
  return success({ DBOS, DBOSClient, getExecutor, retries: utils.dbRetryConfig });
}

/** Loads both. */
export async function loadPackages(): Promise<
  Result<{ readonly driver: Driver; readonly dbos: Dbos }>
> {
  const driver = await loadDriver();
  if (!driver.ok) return driver;
  const dbos = await loadDbos();
  if (!dbos.ok) return dbos;
  return success({ driver: driver.value, dbos: dbos.value });
}

async function load<T>(body: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await body());
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return failure(missing("the packages for that are not installed"));
  }
}

function missing(what: string): Failure {
  return {
    code: "config_invalid",
    message: `flow runs are to be kept in Postgres, but ${what}`,
    hint: `npm install @dbos-inc/dbos-sdk@${DBOS_VERSION} pg`,
  };
}

function isNotFound(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
