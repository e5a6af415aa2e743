import type { Json } from "../../json/json.ts";
import { textOf } from "../../json/json-fields.ts";
import { readYaml } from "./read-yaml.ts";

/** A way of looking at a task: Markdown with a head of YAML between two lines of `---`. */
export interface Persona {
  readonly name: string;
  readonly category: string | null;
  /** What it is for, in a sentence. */
  readonly purpose: string;
  /** What it holds to, in a sentence or two. */
  readonly stance: string;
  /** What an agent is told. */
  readonly text: string;
}

/** Reads a persona, or says in a sentence why it is none. */
export function readPersona(
  source: string,
  fileName: string,
):
  | { readonly ok: true; readonly persona: Persona }
  | { readonly ok: false; readonly message: string } {
  const parts = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(source);
  const [, head = "", body = ""] = parts ?? [];
  if (parts === null)
    return bad('has no head: name, purpose and stance between two lines of "---"');
  const { value, problems } = readYaml(head);
  const [first] = problems;
  if (first !== undefined) return bad(`has a head that can't be read: ${first.message}`);
  const persona = personaOf(value, body.trim());
  if (typeof persona === "string") return bad(persona);
  if (persona.name !== fileName)
    return bad(`calls itself "${persona.name}"; name it like its file`);
  return { ok: true, persona };
}

function personaOf(head: Json, body: string): Persona | string {
  const [name, purpose, stance] = ["name", "purpose", "stance"].map((key) => textOf(head, key));
  if (typeof name !== "string") return 'has no "name" in its head';
  if (typeof purpose !== "string") return 'has no "purpose" in its head';
  if (typeof stance !== "string") return 'has no "stance" in its head';
  if (body === "") return "says nothing behind its head";
  return {
    name,
    category: textOf(head, "category"),
    purpose,
    stance,
    text: `${body}\n\n## Above all\n\n${stance}\n`,
  };
}

function bad(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
