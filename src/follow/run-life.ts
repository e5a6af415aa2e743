/** Whether a process drives the run, nobody does, or its folder is no longer there. */
export type RunLife = "driven" | "undriven" | "gone";
