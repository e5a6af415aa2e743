import type { PostgresAddress } from "./database.ts";
import { openPool, troubled } from "./database.ts";
import { APPLICATION, shownAddress, silent } from "./dbos-settings.ts";
import type { Dbos, Driver } from "./packages.ts";
import { DBOS_SCHEMA } from "./schema.ts";

/** Has DBOS forget executions; `body` is given the way to do that. */
export async function withForgetting<T>(
  driver: Driver,
  { DBOSClient }: Dbos,
  address: PostgresAddress,
  body: (forget: (executionIds: readonly string[]) => Promise<void>) => Promise<T>,
): Promise<T> {
  const pool = openPool(driver, address, { max: 1 });
  const client = await DBOSClient.create({
    systemDatabaseUrl: shownAddress,
    systemDatabasePool: pool,
    systemDatabaseSchemaName: DBOS_SCHEMA,
    applicationName: APPLICATION,
    logger: silent,
  });
  try {
    return await body(async (executionIds) => {
      if (executionIds.length > 0) await troubled(() => client.deleteWorkflows([...executionIds]));
    });
  } finally {
    await client.destroy();
    await pool.end();
  }
}
