import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("../../../personas/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.md$/, ""));

function read(name: string): { head: ReadonlyMap<string, string>; body: string } {
  const text = readFileSync(new URL(`${name}.md`, folder), "utf8");
  const [, head = "", body = ""] = /^---\n([\s\S]*?)\n---\n\n([\s\S]*)$/.exec(text) ?? [];
  const fields = head.split("\n").map((line) => {
    const [, key = line, value = ""] = /^([a-z]+): ([^"'[{&*!|>%@`#].*)$/.exec(line) ?? [];
    return [key, value] as const;
  });
  return { head: new Map(fields), body };
}

describe("the personas that come along", () => {
  it("are at least a dozen, in every category", () => {
    expect(names.length).toBeGreaterThanOrEqual(12);
    const categories = names.map((name) => read(name).head.get("category"));
    expect(new Set(categories)).toEqual(
      new Set(["analysis", "discovery", "planning", "authoring", "review"]),
    );
  });

  it.each(names)("%s says who it is in its head", (name) => {
    const { head } = read(name);
    expect([...head.keys()]).toEqual(["name", "category", "purpose", "stance"]);
    expect(head.get("name")).toBe(name);
    expect(head.get("purpose")?.length).toBeGreaterThan(20);
    expect(head.get("stance")?.length).toBeGreaterThan(40);
    expect([...head.values()].join(" ")).not.toMatch(/: |\s#/);
  });

  it.each(names)("%s is short, and says what it demands, hands over and refuses", (name) => {
    const { body } = read(name);
    const lines = body.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(30);
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines[0]?.toLowerCase().replaceAll(" ", "-")).toBe(`#-${name}`);
    const headings = lines.filter((line) => line.startsWith("## ")).map((line) => line.slice(3));
    expect(headings).toHaveLength(5);
    expect(headings.slice(1)).toEqual([
      "What you ask",
      "Evidence",
      "What you hand over",
      "What you refuse",
    ]);
  });

  it.each(names)("%s wants evidence, or the words not verified", (name) => {
    const { body } = read(name);
    const evidence = /## Evidence\n([\s\S]*?)\n## /.exec(body)?.[1] ?? "";
    for (const word of ["line", "command", "output", "not verified"]) {
      expect(evidence).toContain(word);
    }
  });
});
