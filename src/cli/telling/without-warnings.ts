/** Node 22 calls its database experimental on stderr when it is loaded; whoever is asked for an outcome has no use for that. */
export async function withoutWarnings<T>(load: () => Promise<T>): Promise<T> {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
