/** The words of a command line that are commands. */
export const commandNames: ReadonlySet<string> = new Set([
  "wait",
  "show",
  "list",
  "logs",
  "watch",
  "questions",
  "answer",
  "skip",
  "cancel",
  "prune",
  "flow",
  "worker",
  "agents",
  "acl",
  "doctor",
  "handoff",
  "init",
  "gateway",
  "completion",
  "demo",
  "help",
]);

/** Those that no agent may have: all but the one that takes no words, and so never looks like a delegation. */
export const reservedNames: ReadonlySet<string> = new Set(
  [...commandNames].filter((name) => name !== "worker"),
);
