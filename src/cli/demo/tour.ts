/** One stop of the tour: a command as a user types it, and what it shows. */
export interface TourStop {
  readonly title: string;
  readonly command: string;
  readonly exitCode: number;
}

/** The tour, in order. */
export const tour: readonly TourStop[] = [
  {
    title: "A delegation that completes: one JSON document, exit code 0.",
    command: 'delegate librarian "Report on story.txt"',
    exitCode: 0,
  },
  {
    title: "The first answer is malformed; the agent is told exactly what was wrong, and mends it.",
    command:
      'delegate surveyor "Measure the sentences of story.txt" --retries 2 --verbose --format text',
    exitCode: 0,
  },
  {
    title: "Not everybody may call everybody: exit code 4, and which rule says so.",
    command: 'delegate surveyor "Measure my shelves" --caller librarian --format text',
    exitCode: 4,
  },
  {
    title: "Fire and forget …",
    command: 'delegate night-clerk "Read story.txt tonight" --no-wait --run-id night-1',
    exitCode: 0,
  },
  {
    title: "… and get the result later, from any process.",
    command: "delegate wait night-1 --timeout 8 --format text",
    exitCode: 0,
  },
  {
    title: "In a shell pipeline: the context from stdin, the result's text alone on stdout.",
    command:
      'head -n 4 story.txt | delegate librarian "Report on this" --context - --format text | head -n 1',
    exitCode: 0,
  },
  {
    title: "A flow says which agents and commands work in which order. This one has a loop.",
    command: "delegate flow graph summary",
    exitCode: 0,
  },
  {
    title:
      "The check sends the first summary back; then a person approves, here from the same shell.",
    command: `delegate flow run summary --input story=story.txt --run-id summary-1 --verbose --format text &
while kill -0 $! 2>&- && ! delegate flow list --quiet --status waiting | grep .; do sleep 0.2; done
delegate flow approve summary-1 approve --by you
wait $!`,
    exitCode: 0,
  },
  {
    title: "What happened here, newest first.",
    command: "delegate list",
    exitCode: 0,
  },
];
