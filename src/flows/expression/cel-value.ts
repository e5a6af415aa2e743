import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { Optional } from "@marcbachmann/cel-js";
import type { Json } from "../../json/json.ts";
import { isList } from "../../json/json-fields.ts";

/** A value as the expression language has it. Objects are maps, so that no name in them means anything. */
export type CelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly CelValue[]
  | ReadonlyMap<string, CelValue>;

/** What was converted before: the outputs of steps are looked at again and again, and never change. */
export type Converted = WeakMap<object, CelValue>;

/** JSON as the expression language wants it: whole numbers are integers there, so that `1 + inputs.n` has a sum. */
export function toCel(value: Json, converted: Converted): CelValue {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== "object" || value === null) return value;
  const known = converted.get(value);
  if (known !== undefined) return known;
  const fresh: CelValue = isList(value)
    ? value.map((item) => toCel(item, converted))
    : new Map(Object.entries(value).map(([name, child]) => [name, toCel(child, converted)]));
  converted.set(value, fresh);
  return fresh;
}

/** What came out of an expression as JSON, or why it can't be. */
export type FromCel =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly message: string };

/** An expression's value as JSON: instants and durations become texts, an absent optional value null. */
export function fromCel(value: unknown): FromCel {
  if (value === null || typeof value === "string" || typeof value === "boolean") return good(value);
  if (typeof value === "bigint") return fromInteger(value);
  if (typeof value === "number") return fromFraction(value);
  if (Array.isArray(value)) return fromList(value);
  if (value instanceof Map) return fromEntries(value);
  if (value instanceof UnsignedInt) return fromInteger(value.value);
  if (value instanceof Optional) return value.hasValue() ? fromCel(value.value()) : good(null);
  if (value instanceof Date) return good(value.toISOString());
  if (value instanceof Duration) return good(value.toString());
  if (value instanceof Uint8Array) return bad("the value is bytes; string() makes a text of them");
  if (isPlainObject(value)) return fromEntries(Object.entries(value));
  return bad("the value is a type or a namespace, and no data");
}

function fromInteger(value: bigint): FromCel {
  const number = Number(value);
  return Number.isSafeInteger(number) ? good(number) : bad(`the number ${value} is too large`);
}

function fromFraction(value: number): FromCel {
  return Number.isFinite(value) ? good(value) : bad("the value is no finite number");
}

function fromList(list: readonly unknown[]): FromCel {
  const items: Json[] = [];
  for (const item of list) {
    const converted = fromCel(item);
    if (!converted.ok) return converted;
    items.push(converted.value);
  }
  return good(items);
}

function fromEntries(entries: Iterable<readonly [unknown, unknown]>): FromCel {
  const fields: [string, Json][] = [];
  for (const [name, child] of entries) {
    const converted = fromCel(child);
    if (!converted.ok) return converted;
    fields.push([String(name), converted.value]);
  }
  return good(Object.fromEntries(fields));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function good(value: Json): FromCel {
  return { ok: true, value };
}

function bad(message: string): FromCel {
  return { ok: false, message };
}
