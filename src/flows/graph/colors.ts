const colors: Readonly<Record<string, string>> = {
  done: "#b7e1b0",
  failed: "#f4b1ab",
  running: "#a9cdf5",
  open: "#d8e8fb",
  waiting: "#fbe3a1",
  undecided: "#fbe3a1",
  skipped: "#dddddd",
  canceled: "#dddddd",
};

/** The color of a step that stands so; pale, for black letters. */
export function colorOf(status: string): string {
  return colors[status] ?? "#ffffff";
}
