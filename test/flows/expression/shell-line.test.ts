import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEvaluator } from "../../../src/flows/expression/evaluator.ts";

const evaluator = createEvaluator();

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "delegate-shell-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a real shell prints for the line. */
function printed(template: string, value: string): string {
  const rendered = evaluator.renderShellLine(template, { v: value });
  if (!rendered.ok) throw new Error(rendered.message);
  return execFileSync("/bin/sh", ["-c", rendered.line], {
    cwd: folder,
    env: { ...process.env, ...rendered.env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const hostile = "a  b * 'c' \"d\" $(touch pwned) `touch pwned` ; touch pwned # \\ ${HOME} \n-n é";

describe("a value reaches the program whole, and only as data", () => {
  test.each([
    ["printf '[%s]' ${{ v }}", "[V]"],
    ['printf "[%s]" "${{ v }}"', "[V]"],
    ['printf "[%s]" "a ${{ v }} b"', "[a V b]"],
    ["printf '[%s]' x${{ v }}y", "[xVy]"],
    ["printf '[%s]' ${{ v }}${{ v }}", "[VV]"],
    ["X=${{ v }}; printf '[%s]' \"$X\"", "[V]"],
    ['printf "[%s]" "$(printf %s ${{ v }})"', "[V]"],
    ['printf "[%s]" "$(printf %s "${{ v }}")"', "[V]"],
    ["(printf '[%s]' ${{ v }})", "[V]"],
    ["# don't ${{ v }}\nprintf '[%s]' ok", "[ok]"],
    ["printf '[%s]' a#b'c d'${{ v }}", "[a#bc dV]"],
    ['cat <<END\nit\'s "${{ v }}"\nEND\n', 'it\'s "V"\n'],
    ["cat <<-END\n\t${{ v }}\n\tEND\nprintf '[%s]' ${{ v }}", "V\n[V]"],
    ["cat << END\n${{ v }}\nEND\n", "V\n"],
    ["cat <<A; cat <<B\n${{ v }}\nA\n'${{ v }}\nB\n", "V\n'V\n"],
    ["cat <<'END'\ndon't\nEND\nprintf '[%s]' ${{ v }}", "don't\n[V]"],
    ['printf \'[%s]\' "\\"${{ v }}\\""', '["V"]'],
    ["printf '[%s]' \\'${{ v }}", "['V]"],
    ["printf '[%s]' $((1 + 2)) ${{ v }}", "[3][V]"],
    ["printf '[%s]' $(((1 + 2) * 2)) ${{ v }}", "[6][V]"],
    ["printf '[%s]' `echo 'a b'` ${{ v }}", "[a][b][V]"],
    ["case x in (x) printf '[%s]' ${{ v }};; esac", "[V]"],
  ])("%j", (template, expected) => {
    expect(printed(template, hostile)).toBe(expected.replaceAll("V", () => hostile));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a value can't stand", () => {
  test.each([
    ["echo '${{ v }}'", "single quotes"],
    ["echo \"$(echo '${{ v }}')\"", "single quotes"],
    ["cat <<'END'\n${{ v }}\nEND", "quoted end word"],
    ["cat <<\\END\n${{ v }}\nEND", "quoted end word"],
    ["cat <<${{ v }}\n", "end word of a here-document"],
    ["echo $((1 + ${{ v }}))", "$(( ))"],
    ["echo $(( (1) + ${{ v }}))", "$(( ))"],
    ["((x = ${{ v }}))", "$(( ))"],
    ["cat <<END\n$((${{ v }}))\nEND", "$(( ))"],
    ["echo `cat ${{ v }}`", "backquotes"],
    ["echo \\${{ v }}", "backslash"],
    ['echo "\\${{ v }}"', "backslash"],
  ])("%j", (template, reason) => {
    const rendered = evaluator.renderShellLine(template, { v: "x" });
    expect(rendered).toMatchObject({ ok: false, expression: "v" });
    if (!rendered.ok) expect(rendered.message).toContain(reason);
  });
});

test("a here-string of other shells is no here-document", () => {
  expect(evaluator.renderShellLine("cat <<<a ${{ v }}", { v: "x" })).toMatchObject({
    line: 'cat <<<a "${DELEGATE_VALUE_1}"',
  });
});

describe("what is no text becomes one", () => {
  test.each([
    [null, "[]"],
    [3, "[3]"],
    [["a b"], '[["a b"]]'],
  ])("%j", (value, expected) => {
    const rendered = evaluator.renderShellLine("printf '[%s]' ${{ v }}", { v: value });
    if (!rendered.ok) throw new Error(rendered.message);
    expect(rendered.env).toEqual({ DELEGATE_VALUE_1: expected.slice(1, -1) });
  });
});

test("a value that no command can be given fails clearly", () => {
  const fits = "x".repeat(100 * 1024);
  expect(evaluator.renderShellLine("${{ v }}", { v: fits })).toMatchObject({ ok: true });
  expect(evaluator.renderShellLine("${{ v }}", { v: `${fits}x` })).toEqual({
    ok: false,
    expression: "v",
    message:
      'the value is 102401 bytes long, and a command takes at most 102400; give it as "stdin", or write it to a file and pass its path',
  });
  expect(evaluator.renderShellLine("${{ v }}", { v: "a\0b" })).toMatchObject({
    ok: false,
    message: "the value has a NUL character, which no command can be given",
  });
});

test("a line fails with its expression", () => {
  const failure = { ok: false, expression: "w", message: "Unknown variable: w" };
  expect(evaluator.renderShellLine("echo ${{ v }} ${{ w }}", { v: 1 })).toEqual(failure);
  expect(evaluator.renderShellLine("echo ${{ v", { v: 1 })).toMatchObject({ ok: false });
});

test("however a line quotes, no value becomes a part of the program", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "${{ v }}",
      "'",
      '"',
      " ",
      "$(",
      ")",
      "(",
      "\\",
      "`",
      "\n",
      "<<E\n",
      "\nE\n",
      "#",
      "a",
      "$((",
      "))",
      "${x:-",
      "}",
      ";",
      "|",
      "$",
    ),
    { maxLength: 14 },
  );
  fc.assert(
    fc.property(pieces, (all) => {
      const rendered = evaluator.renderShellLine(`: ${all.join("")}`, {
        v: "$(touch pwned)'\"`touch pwned`;touch pwned",
      });
      if (!rendered.ok) return;
      try {
        execFileSync("/bin/sh", ["-c", rendered.line], {
          cwd: folder,
          env: { ...rendered.env, PATH: process.env["PATH"] },
          stdio: "ignore",
        });
      } catch {
        // Most of these lines are no programs; what matters is what they did not do.
      }
      expect(readdirSync(folder)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
