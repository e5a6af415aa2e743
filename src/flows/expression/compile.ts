import { Environment } from "@marcbachmann/cel-js";
import type { ParseResult } from "@marcbachmann/cel-js";
import type { CelValue } from "./cel-value.ts";
import { describeProblem } from "./describe-problem.ts";
import type { ExpressionProblem } from "./describe-problem.ts";
import { referencesIn } from "./references.ts";
import type { Reference } from "./references.ts";

/** What an expression came to, before its value is made JSON. */
type RawEvaluation =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: ExpressionProblem };

/** An expression that can be evaluated. */
interface CompiledExpression {
  readonly ok: true;
  readonly references: readonly Reference[];
  readonly run: (context: ReadonlyMap<string, CelValue>) => RawEvaluation;
}

type Compilation = CompiledExpression | { readonly ok: false; readonly problem: ExpressionProblem };

/** The compiler of the expression language; it remembers what it has compiled. */
export interface Compiler {
  /** Makes an expression ready to be evaluated, or says why it is none. */
  compile(source: string): Compilation;
  /** Whether a variable can't have this name, because the language uses it. */
  isReserved(name: string): boolean;
}

/** Longer ones are no conditions any more, and a program can't be stopped while it looks at one. */
const limits = {
  maxAstNodes: 2000,
  maxDepth: 100,
  maxListElements: 1000,
  maxMapEntries: 1000,
  maxCallArguments: 32,
};

const MOST_KNOWN = 10_000;

/** A compiler that has compiled nothing yet. */
export function createCompiler(): Compiler {
  const environment = createEnvironment();
  const language = { environment, functionNames: functionNamesOf(environment) };
  const known = new Map<string, Compilation>();
  return {
    compile: (source) => {
      const before = known.get(source);
      if (before !== undefined) return before;
      // A worker sees flows for months.
      if (known.size >= MOST_KNOWN) known.clear();
      const compilation = compile(language, source);
      known.set(source, compilation);
      return compilation;
    },
    isReserved: (name) => environment.hasVariable(name) || !isName(language, name),
  };
}

interface Language {
  readonly environment: Environment;
  readonly functionNames: ReadonlySet<string>;
}

function functionNamesOf(environment: Environment): ReadonlySet<string> {
  return new Set(environment.getDefinitions().functions.map(({ name }) => name));
}

function isName(language: Language, name: string): boolean {
  const compilation = compile(language, name);
  return compilation.ok && compilation.references.some((reference) => reference.name === name);
}

function compile({ environment, functionNames }: Language, source: string): Compilation {
  const check = environment.check(source);
  const describe = (error: unknown): ExpressionProblem =>
    describeProblem(error, source, functionNames);
  if (!check.valid) return { ok: false, problem: describe(check.error) };
  const parsed = environment.parse(source);
  return {
    ok: true,
    references: referencesIn(parsed.ast).filter(({ name }) => !environment.hasVariable(name)),
    run: (context) => runParsed(parsed, context, describe),
  };
}

function runParsed(
  parsed: ParseResult,
  context: ReadonlyMap<string, CelValue>,
  describe: (error: unknown) => ExpressionProblem,
): RawEvaluation {
  try {
    const value: unknown = parsed(context);
    return { ok: true, value };
  } catch (error) {
    return { ok: false, problem: describe(error) };
  }
}

function createEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits,
  });
  // JSON does not tell 2 from 2.0: without these, `price * 1.5` would fail whenever the price is whole.
  for (const [left, right] of [["int", "double"] as const, ["double", "int"] as const]) {
    for (const [sign, calculate] of arithmetic) {
      environment.registerOperator(`${left} ${sign} ${right}: double`, (a: Numeric, b: Numeric) =>
        calculate(Number(a), Number(b)),
      );
    }
  }
  return environment;
}

type Numeric = number | bigint;

const arithmetic: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ["+", (a, b) => a + b],
  ["-", (a, b) => a - b],
  ["*", (a, b) => a * b],
  ["/", (a, b) => a / b],
];
