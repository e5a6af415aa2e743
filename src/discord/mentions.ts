/** Names of a server's channels and roles, by id, as far as they are known. */
export interface MentionNames {
  readonly channels: ReadonlyMap<string, string>;
  readonly roles: ReadonlyMap<string, string>;
}

/** Writes people, channels, roles, times and emoji as a reader of the chat sees them. */
export function nameMentions(
  text: string,
  people: ReadonlyMap<string, string>,
  { channels, roles }: MentionNames,
): string {
  return text
    .replaceAll(/<@!?(\d+)>/g, (_, id: string) => `@${people.get(id) ?? id}`)
    .replaceAll(/<@&(\d+)>/g, (_, id: string) => `@${roles.get(id) ?? id}`)
    .replaceAll(/<#(\d+)>/g, (_, id: string) => `#${channels.get(id) ?? id}`)
    .replaceAll(/<\/([^:<>]+):\d+>/g, "/$1")
    .replaceAll(/<a?:(\w+):\d+>/g, ":$1:")
    .replaceAll(/<t:(-?\d{1,11})(?::\w)?>/g, (_, seconds: string) => showTime(Number(seconds)));
}

/** Whether a text mentions channels or roles, whose names stand elsewhere. */
export function mentionsPlaces(text: string): { channels: boolean; roles: boolean } {
  return { channels: /<#\d+>/.test(text), roles: /<@&\d+>/.test(text) };
}

function showTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
