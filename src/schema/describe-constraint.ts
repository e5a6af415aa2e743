import { didYouMean } from "../text/nearest.ts";

/** How a value breaks a bound or a choice of its schema, in words; null for the keywords that need the place as well. */
export function describeConstraint(
  keyword: string,
  params: Readonly<Record<string, unknown>>,
  value: unknown,
): string | null {
  switch (keyword) {
    case "enum":
      return describeChoice(params["allowedValues"], value);
    case "minimum":
      return `must be at least ${String(params["limit"])}`;
    case "maximum":
      return `must be at most ${String(params["limit"])}`;
    case "exclusiveMinimum":
      return `must be more than ${String(params["limit"])}`;
    default:
      return null;
  }
}

function describeChoice(allowed: unknown, value: unknown): string {
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  const meant = typeof value === "string" ? didYouMean(value, words) : "";
  return `must be ${words.map((word) => JSON.stringify(word)).join(" or ")}${meant}`;
}
