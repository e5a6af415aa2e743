/** Where lines come from that others are still writing. */
export interface LineSource {
  /** The next lines that are there, a bounded many; null when all have been read for now. */
  read(): readonly string[] | null;
  /** What keeps the file from being read, or null. */
  readonly trouble: FileTrouble | null;
  close(): void;
}

/** A file that is there but can't be read. */
export interface FileTrouble {
  readonly path: string;
  readonly error: unknown;
}
