import { createShellReader } from "../../expression/shell-place.ts";
import { wrongPlace } from "../../expression/shell-line.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { TemplatePart } from "../../expression/template.ts";
import type { Compiler } from "../../expression/compile.ts";
import type { Json } from "../../../json/json.ts";
import type { Complaint } from "../complaint.ts";
import type { Site } from "../sites.ts";
import { findHyphen } from "./hyphens.ts";
import { complainOfReference } from "./references.ts";

/** What is wrong with the expressions of a text: how they are written, and what they look at. */
export function checkExpressions(
  site: Site,
  inputs: Json,
  compiler: Compiler,
): readonly Complaint[] {
  const check = (source: string, offset: number) =>
    checkOne(site, { source, offset: site.offset + offset }, inputs, compiler);
  if (site.kind === "expression") return check(site.text, 0);
  const parsed = parseTemplate(site.text);
  if (!parsed.ok) return [{ at: site.at, message: parsed.message, spot: parsed.offset }];
  const wrongPlaces = site.kind === "shell" ? checkPlaces(site, parsed.parts) : [];
  const wrong = parsed.parts.flatMap((part) =>
    part.kind === "text" ? [] : check(part.source, part.offset),
  );
  return [...wrongPlaces, ...wrong];
}

function checkOne(
  site: Site,
  { source, offset: start }: { readonly source: string; readonly offset: number },
  inputs: Json,
  compiler: Compiler,
): readonly Complaint[] {
  const compilation = compiler.compile(source);
  if (!compilation.ok) {
    const { message, offset: wrongAt } = compilation.problem;
    return [{ at: site.at, message: `wrong expression: ${message}`, spot: start + wrongAt }];
  }
  const look = { sight: site.sight, inputs };
  const hyphen = findHyphen(source, look);
  if (hyphen !== null) {
    return [{ at: site.at, message: hyphen.message, spot: start + hyphen.offset }];
  }
  return compilation.references.flatMap((reference) => {
    const message = complainOfReference(reference, look);
    return message === null ? [] : [{ at: site.at, message, spot: start + reference.offset }];
  });
}

/** Values that the shell would not see, or would read as a part of the program. */
function checkPlaces(site: Site, parts: readonly TemplatePart[]): readonly Complaint[] {
  const reader = createShellReader();
  return parts.flatMap((part) => {
    if (part.kind === "text") {
      reader.read(part.text);
      return [];
    }
    const message = wrongPlace(reader.readValue());
    return message === null ? [] : [{ at: site.at, message, spot: part.offset }];
  });
}
