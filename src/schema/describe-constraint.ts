import { didYouMean } from "../text/nearest.ts";

/** How a value breaks a bound or a choice of its schema, in words; null for the keywords that need the place as well. */
export function describeConstraint(
  keyword: string,
  params: Readonly<Record<string, unknown>>,
  value: unknown,
): string | null {
  const limit = params["limit"];
  switch (keyword) {
    case "enum":
      return describeChoice(params["allowedValues"], value);
    case "minimum":
      return `must be at least ${String(limit)}${notThis(value)}`;
    case "maximum":
      return `must be at most ${String(limit)}${notThis(value)}`;
    case "exclusiveMinimum":
      return `must be more than ${String(limit)}${notThis(value)}`;
    case "exclusiveMaximum":
      return `must be less than ${String(limit)}${notThis(value)}`;
    case "multipleOf":
      return `must be a multiple of ${String(params["multipleOf"])}${notThis(value)}`;
    default:
      return describeSize(keyword, params, value) ?? describeFit(keyword, params);
  }
}

/** How much there must be of something. */
function describeSize(
  keyword: string,
  params: Readonly<Record<string, unknown>>,
  value: unknown,
): string | null {
  const { limit } = params;
  switch (keyword) {
    case "minLength":
    case "minItems":
    case "minProperties":
      if (limit === 1) return "must not be empty";
      return `must have at least ${count(limit, units[keyword])}${notSoMany(value)}`;
    case "maxLength":
    case "maxItems":
    case "maxProperties":
    // Items for which the schema has no place.
    case "items":
    case "unevaluatedItems":
      if (limit === 0) return "must be empty";
      return `must have at most ${count(limit, units[keyword])}${notSoMany(value)}`;
    case "uniqueItems":
      return `must not have the same item twice: /${String(params["j"])} and /${String(params["i"])} are the same`;
    case "contains":
      return `must have ${describeRange(params)} as "contains" says`;
    default:
      return null;
  }
}

/** Which other schemas there are that a value must or must not fit. */
function describeFit(keyword: string, params: Readonly<Record<string, unknown>>): string | null {
  switch (keyword) {
    case "anyOf":
      return 'must fit one of the schemas in "anyOf"';
    case "oneOf":
      return Array.isArray(params["passingSchemas"])
        ? 'must fit only one of the schemas in "oneOf", and fits several'
        : 'must fit one of the schemas in "oneOf"';
    case "not":
      return 'must not fit the schema in "not"';
    case "false schema":
      return "is not allowed here";
    default:
      return null;
  }
}

const units = {
  minLength: "character",
  maxLength: "character",
  minItems: "item",
  maxItems: "item",
  items: "item",
  unevaluatedItems: "item",
  minProperties: "property",
  maxProperties: "property",
} as const;

function count(number: unknown, unit: "character" | "item" | "property"): string {
  const many = unit === "property" ? "properties" : `${unit}s`;
  return `${String(number)} ${number === 1 ? unit : many}`;
}

function describeRange({ minContains, maxContains }: Readonly<Record<string, unknown>>): string {
  const least = `at least ${count(minContains, "item")}`;
  return typeof maxContains === "number" ? `${least} and at most ${maxContains}` : least;
}

function notThis(value: unknown): string {
  return typeof value === "number" ? `, not ${value}` : "";
}

function notSoMany(value: unknown): string {
  const size = sizeOf(value);
  return size === null ? "" : `, not ${size}`;
}

/** As JSON Schema counts: characters are whole, also those that take two units of a text. */
function sizeOf(value: unknown): number | null {
  if (typeof value === "string")
    return value.replaceAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, "_").length;
  if (Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : null;
}

function describeChoice(allowed: unknown, value: unknown): string {
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  const meant = typeof value === "string" ? didYouMean(value, words) : "";
  return `must be ${words.map((word) => JSON.stringify(word)).join(" or ")}${meant}`;
}
