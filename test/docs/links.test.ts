import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
const { files }: { files: readonly string[] } = JSON.parse(
  readFileSync(`${root}package.json`, "utf8"),
);
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  ...readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The links of a page that lead to other files of the project, or to another place in one. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(`${root}${page}`, "utf8");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !link.includes("://"));
}

/** The places in a page that a link can lead to, as GitHub names them. */
function placesOf(page: string): readonly string[] {
  const headings = readFileSync(`${root}${page}`, "utf8").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(pages)("in %s", (page) => {
  test("every link leads to a file that the package has as well", () => {
    for (const link of linksOf(page)) {
      const [path = "", place] = link.split("#");
      const target = path === "" ? page : normalize(join(dirname(page), path));
      expect([link, existsSync(`${root}${target}`)]).toEqual([link, true]);
      if (place !== undefined) expect(placesOf(target)).toContain(place);
      const isPacked = [...files, "README.md", "LICENSE"].some(
        (file) => target === file || target.startsWith(`${file}/`),
      );
      expect([link, isPacked]).toEqual([link, true]);
    }
  });
});
