import * as fc from "fast-check";

const SURROGATES_AT = 0xd800;
const SURROGATES = 0x800;

/**
 * Any character that UTF-8 can write. It is what the library calls "binary", but that one makes a map of a million
 * characters when it is first asked where one stands: more than a second, and 100 MB, in each process.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10ffff - SURROGATES })
  .map(characterAt, placeOf);

function characterAt(place: number): string {
  return String.fromCodePoint(place < SURROGATES_AT ? place : place + SURROGATES);
}

function placeOf(value: unknown): number {
  const point = typeof value === "string" ? (value.codePointAt(0) ?? -1) : -1;
  const place = point < SURROGATES_AT ? point : point - SURROGATES;
  if (place < 0 || characterAt(place) !== value)
    throw new Error("no character that UTF-8 can write");
  return place;
}
