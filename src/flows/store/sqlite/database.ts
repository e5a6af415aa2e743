import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { Bell } from "./bell.ts";
import type { Row } from "../columns.ts";
import { numberOf } from "../columns.ts";

/** An open SQLite file with its prepared statements. Its methods throw what SQLite says (`trouble.ts` puts it into words). */
export class Database {
  readonly #database: DatabaseSync;
  readonly #bell: Bell | null;
  readonly #statements = new Map<string, StatementSync>();

  /** Without a bell nobody hears of what is written: it is for those who only read. */
  constructor(place: string | URL, busyMs: number, bell: Bell | null, isReadOnly = false) {
    this.#database = new DatabaseSync(place, { timeout: busyMs, readOnly: isReadOnly });
    this.#bell = bell;
  }

  /** How long it waits for others' locks. */
  setPatience(busyMs: number): void {
    this.execute(`PRAGMA busy_timeout = ${busyMs}`);
  }

  /** Statements without values or results, such as PRAGMA and CREATE. */
  execute(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  first(sql: string, ...values: readonly SQLInputValue[]): Row | null {
    return this.#prepare(sql).get(...values) ?? null;
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values);
  }

  /** Everything in it happens, or nothing of it; nobody else writes meanwhile, and all hear of it then. */
  write<T>(body: () => T): T {
    const before = this.ownChanges;
    const value = this.#within("BEGIN IMMEDIATE", body);
    if (this.ownChanges !== before) this.#bell?.ring();
    return value;
  }

  /** Everything in it is read as of one instant. */
  read<T>(body: () => T): T {
    return this.#within("BEGIN", body);
  }

  /** Another number whenever another connection has written. */
  get othersVersion(): number {
    return numberOf(this.first("PRAGMA data_version"), "data_version");
  }

  /** How many rows this connection has changed so far. */
  get ownChanges(): number {
    return numberOf(this.first("SELECT total_changes() AS changes"), "changes");
  }

  close(): void {
    if (!this.#database.isOpen) return;
    this.#statements.clear();
    this.#database.close();
    this.#bell?.close();
  }

  #within<T>(begin: string, body: () => T): T {
    this.#database.exec(begin);
    try {
      const value = body();
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      // SQLite has rolled back itself when the disk was full.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
