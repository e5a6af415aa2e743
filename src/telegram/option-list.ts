import { BUTTON_CHARACTERS } from "./button.ts";
import { escapeToFit } from "./html.ts";

/** Whether the buttons of these options show only their beginnings. */
export function areOptionsCut(options: readonly string[]): boolean {
  return options.some((option) => option.length > BUTTON_CHARACTERS);
}

/** Options by their numbers, with more of each than a button shows. */
export function optionList(options: readonly string[]): string {
  const lines = options.map((option, index) => `${index + 1}. ${option.replaceAll(/\s+/g, " ")}`);
  return escapeToFit(lines.join("\n"), 700);
}
