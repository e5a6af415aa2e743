import type { CommandSpec } from "./option-spec.ts";
import { takesValue } from "./option-spec.ts";

/** Where the first word stands that is no option and no option's value, which is the command's name; -1 if nowhere. */
export function indexOfFirstWord(words: readonly string[], specs: readonly CommandSpec[]): number {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--") return -1;
    if (word === "-" || !word.startsWith("-")) return index;
    if (isFollowedByValue(word, specs)) index += 1;
  }
  return -1;
}

/** An option that several commands know takes a value in all of them or in none. */
function isFollowedByValue(word: string, specs: readonly CommandSpec[]): boolean {
  return specs
    .flatMap(({ options }) => options)
    .some(
      (option) =>
        takesValue(option) && (word === `--${option.name}` || word === `--${option.alias}`),
    );
}
