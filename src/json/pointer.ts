/** One step of a path as a JSON pointer writes it. */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The key that such a step stands for. */
export function unescapePointer(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** What stands at such a path, or undefined. */
export function valueAt(document: unknown, pointer: string): unknown {
  return stepsOf(pointer).reduce<unknown>(childOf, document);
}

/** The keys on the way to a place. */
export function stepsOf(pointer: string): readonly string[] {
  return pointer.split("/").slice(1).map(unescapePointer);
}

/** What a list or an object has of its own under this key, or undefined. */
export function childOf(parent: unknown, key: string): unknown {
  if (typeof parent !== "object" || parent === null) return undefined;
  return Object.getOwnPropertyDescriptor(parent, key)?.value;
}
