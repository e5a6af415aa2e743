import { isFields } from "../json/fields.ts";
import type { Problem } from "../failure.ts";
import type { Validation } from "./document.ts";

/** What a handoff is held against, besides its schema. */
export interface Expectation {
  /** The run that the handoff must belong to; null when that is not known. */
  readonly runId: string | null;
  /** The agent that must have written it; null when that is not known. */
  readonly agent: string | null;
  readonly validation: Validation;
  /** The caller's own check of `data`, or null. */
  readonly checkData: ((data: unknown) => readonly Problem[]) | null;
}

type Document = Readonly<Record<string, unknown>>;

/** Something that must be true of a handoff and that a schema can't say. */
interface Rule {
  readonly name: string;
  /** Whether it holds without validation, too. */
  readonly isBasic: boolean;
  check(document: Document, expectation: Expectation): readonly Problem[];
}

/** Whatever the rules have against a document; it need not have passed its schema. */
export function checkRules(document: Document, expectation: Expectation): Problem[] {
  return rules
    .filter((rule) => rule.isBasic || expectation.validation === "strict")
    .flatMap((rule) => rule.check(document, expectation));
}

const rules: readonly Rule[] = [
  {
    name: "belongs to this run",
    isBasic: true,
    check: ({ runId }, expectation) => mustBe("/runId", runId, expectation.runId),
  },
  {
    name: "written by this agent",
    isBasic: false,
    check: ({ agent }, expectation) => mustBe("/agent", agent, expectation.agent),
  },
  {
    name: "a doubtful part says what is missing",
    isBasic: false,
    check: ({ status, confidence, notes }) =>
      status === "partial" && confidence === "low" && isBlank(notes)
        ? [{ at: "/notes", message: 'must say what is missing, with "partial" and "low"' }]
        : [],
  },
  {
    name: "who is blocked says what is needed",
    isBasic: false,
    check: ({ status, questions, notes }) =>
      status === "blocked" && isEmptyList(questions) && isBlank(notes)
        ? [
            {
              at: "/questions",
              message: 'must ask what is needed (or notes say it), with "blocked"',
            },
          ]
        : [],
  },
  {
    name: "no two questions with one id",
    isBasic: false,
    check: ({ questions }) => repeatedIds(questions),
  },
  {
    name: "the data satisfies the caller",
    isBasic: true,
    check: (document, { checkData }) =>
      checkData === null ? [] : findDataProblems(document, checkData),
  },
];

function mustBe(at: string, value: unknown, expected: string | null): Problem[] {
  if (expected === null || value === undefined || value === expected) return [];
  return [{ at, message: `must be ${JSON.stringify(expected)}, as the message says` }];
}

function isBlank(value: unknown): boolean {
  return typeof value !== "string" || value.trim() === "";
}

function isEmptyList(value: unknown): boolean {
  return !Array.isArray(value) || value.length === 0;
}

function repeatedIds(questions: unknown): Problem[] {
  if (!Array.isArray(questions)) return [];
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const [index, question] of questions.slice(0, 100).entries()) {
    const id = idOf(question);
    if (id === null) continue;
    if (seen.has(id)) {
      problems.push({ at: `/questions/${index}/id`, message: "another question has the same id" });
    }
    seen.add(id);
  }
  return problems;
}

function idOf(question: unknown): string | null {
  return isFields(question) && typeof question["id"] === "string" ? question["id"] : null;
}

function findDataProblems(
  document: Document,
  checkData: (data: unknown) => readonly Problem[],
): readonly Problem[] {
  const { status, data } = document;
  if (status !== "complete" && status !== "partial") return [];
  return data === undefined
    ? [{ at: "/data", message: 'the property "data" is missing; the task asks for it' }]
    : checkData(data);
}
