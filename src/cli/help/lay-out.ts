import { cellsOf, padCells } from "../../text/width.ts";

/** A line of a table: what is explained, and the explanation. */
export type Row = readonly [label: string, text: string];

const INDENT = "  ";
/** With less room than this, explanations don't read well beside their labels. */
const LEAST_TEXT_CELLS = 28;
const MOST_LABEL_CELLS = 32;

/** Lines of two columns; where there is little room, the explanations stand below their labels. */
export function layOutRows(
  rows: readonly Row[],
  columns: number,
  labelCells = labelCellsFor(rows, columns),
): readonly string[] {
  return rows.flatMap(([label, text]) =>
    labelCells === 0
      ? [...layOutWords(label, columns), ...below(text, `${INDENT}    `, columns)]
      : layOutRow(label, text, labelCells, columns),
  );
}

/** How wide the column of labels is for these rows; 0 when each has to stand alone. */
export function labelCellsFor(rows: readonly Row[], columns: number): number {
  const cells = rows.map(([label]) => cellsOf(label)).filter((each) => each <= MOST_LABEL_CELLS);
  const labelCells = Math.max(1, ...cells);
  return columns - INDENT.length - labelCells - 2 < LEAST_TEXT_CELLS ? 0 : labelCells;
}

function layOutRow(
  label: string,
  text: string,
  labelCells: number,
  columns: number,
): readonly string[] {
  const margin = " ".repeat(INDENT.length + labelCells + 2);
  const lines = below(text, margin, columns);
  if (cellsOf(label) > labelCells) return [`${INDENT}${label}`, ...lines];
  const [first = "", ...rest] = lines;
  return [`${INDENT}${padCells(label, labelCells)}  ${first.trimStart()}`.trimEnd(), ...rest];
}

function below(text: string, margin: string, columns: number): readonly string[] {
  return wrap(text, columns - margin.length).map((line) => `${margin}${line}`);
}

/** A line of words below a heading; what does not fit goes on below it, further to the right. */
export function layOutWords(text: string, columns: number): readonly string[] {
  const [first = "", ...rest] = wrap(text, columns - INDENT.length - 4, 4);
  return [`${INDENT}${first}`, ...rest.map((line) => `${INDENT}    ${line}`)];
}

/** A text in lines of so many cells, the first so many wider; words are kept whole where they fit. */
export function wrap(text: string, cells: number, moreInFirst = 0): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const room = cells + (lines.length === 0 ? moreInFirst : 0);
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || cellsOf(longer) <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}
