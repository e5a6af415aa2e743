import type { CST } from "yaml";

/** Whether collections lie in each other more than so many levels. Needs no recursion: the text may be made to break one. */
export function isYamlDeeper(token: CST.Token, levels: number): boolean {
  const open: [CST.Token, number][] = [[token, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [current, depth] = next;
    if (depth > levels) return true;
    for (const child of childrenOf(current)) open.push([child, depth + 1]);
  }
  return false;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
