import type { Json } from "../../../json/json.ts";
import { complain } from "../complaint.ts";
import type { Complaint } from "../complaint.ts";
import { fieldOf, numberOf } from "../../../json/json-fields.ts";
import type { OutlineStep } from "../outline.ts";

/** A budget that limits nothing, or that holds back more than there is. */
export function checkBudget(budget: Json | undefined): readonly Complaint[] {
  if (budget === undefined) return [];
  const limitsNothing = units.every((unit) => numberOf(budget, unit) === null);
  return [
    ...(limitsNothing
      ? [complain("/budget", "the budget limits nothing; give it costUsd or tokens")]
      : []),
    ...checkReserve(fieldOf(budget, "reserve"), budget, "/budget/reserve"),
  ];
}

/** A step for which more is held back than the whole flow may use. */
export function checkStepReserve(
  { json, at }: OutlineStep,
  budget: Json | undefined,
): readonly Complaint[] {
  return checkReserve(json["reserve"], budget, `${at}/reserve`);
}

function checkReserve(
  reserve: Json | undefined,
  budget: Json | undefined,
  at: string,
): readonly Complaint[] {
  return units.flatMap((unit) => {
    const [held, most] = [numberOf(reserve, unit), numberOf(budget, unit)];
    return held !== null && most !== null && held > most
      ? [complain(`${at}/${unit}`, `"${unit}" must not be more than the budget of ${most}`)]
      : [];
  });
}

const units = ["costUsd", "tokens"] as const;
