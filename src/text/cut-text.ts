/** The beginning of a text, at most so many characters and no half ones. */
export function cutText(text: string, characters: number): string {
  return text.length <= characters
    ? text
    : `${text.slice(0, characters - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
