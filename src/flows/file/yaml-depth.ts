import type { CST } from "yaml";

/**
 * Where something lies in more than so many collections, or null when nothing does. Needs no recursion: the text may be
 * made to break one.
 */
export function findDeeperYaml(token: CST.Token, levels: number): number | null {
  const open: [CST.Token, number][] = [[token, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [current, depth] = next;
    if (depth > levels) return current.offset;
    for (const child of childrenOf(current).toReversed()) open.push([child, depth + 1]);
  }
  return null;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
