import type { PostgresAddress } from "../../src/flows/store/postgres/database.ts";
import type { FlowProject } from "../flows/scenarios/project.ts";
import { addressOf, postgres } from "./postgres-kind.ts";

/** What the config of a project says that keeps its flow runs in Postgres. */
export const store = { postgres: { env: "FLOW_DATABASE" } };

/** The database of projects, and how commands are started so that they find it. */
export interface ProjectDatabase {
  readonly address: PostgresAddress;
  readonly options: { readonly env: Readonly<Record<string, string>> };
  readonly password: string;
}

/** A database for a project, which others may share. */
export async function newDatabase(project: FlowProject): Promise<ProjectDatabase> {
  const address = addressOf(await postgres.newPlace(project.rig.folder));
  const url = address.url.reveal();
  return { address, options: { env: { FLOW_DATABASE: url } }, password: new URL(url).password };
}
