/** The most iterations that a loop can have, whatever its file or its inputs say. */
export const MOST_ITERATIONS = 1000;
