import { didYouMean } from "../text/nearest.ts";
import type { Channel, Guild } from "./channels.ts";

/** A channel together with its server. */
export interface PlacedChannel {
  readonly guild: Guild;
  readonly channel: Channel & { readonly name: string };
}

/** What a name stands for. */
export type ChannelMatch =
  | { readonly kind: "found"; readonly place: PlacedChannel }
  | { readonly kind: "ambiguous"; readonly places: readonly PlacedChannel[] }
  /** There is such a name, but it is a category or a forum. */
  | { readonly kind: "without_messages" }
  | { readonly kind: "unknown"; readonly suggestion: string };

/** Finds the channel that somebody means by "general", "#general" or "server/general"; an exact name wins. */
export function matchChannel(wanted: string, places: readonly PlacedChannel[]): ChannelMatch {
  const word = bareName(wanted);
  const readable = places.filter(({ channel }) => channel.holdsMessages);
  const found = findByName(word, readable);
  const [first] = found;
  if (first !== undefined) {
    return found.length === 1
      ? { kind: "found", place: first }
      : { kind: "ambiguous", places: found };
  }
  if (findByName(word, places).length > 0) return { kind: "without_messages" };
  const names = readable.flatMap((place) => [place.channel.name, fullName(place)]);
  return { kind: "unknown", suggestion: didYouMean(word, names) };
}

/** The servers to look at: those that the name begins with, or else all. */
export function serversMeant(wanted: string, guilds: readonly Guild[]): readonly Guild[] {
  const word = loose(bareName(wanted));
  const meant = guilds.filter(({ id, name }) =>
    [id, name].some((start) => word.startsWith(`${loose(start)}/`)),
  );
  return meant.length > 0 ? meant : guilds;
}

/** The name by which a channel can be asked for when several have the same. */
export function fullName({ guild, channel }: PlacedChannel): string {
  return `${guild.name}/${channel.name}`;
}

/** The name without the signs that people and configs put before it. */
export function bareName(wanted: string): string {
  return wanted.replace(/^channel:/, "").replace(/(^|\/)#(?=[^/]+$)/, "$1");
}

function findByName(word: string, places: readonly PlacedChannel[]): readonly PlacedChannel[] {
  for (const isSame of [equals, equalsLoosely]) {
    for (const name of [nameOf, fullName, nameBehindId]) {
      const found = places.filter((place) => isSame(word, name(place)));
      if (found.length > 0) return found;
    }
  }
  return [];
}

function nameOf({ channel }: PlacedChannel): string {
  return channel.name;
}

/** Two servers can have the same name. */
function nameBehindId({ guild, channel }: PlacedChannel): string {
  return `${guild.id}/${channel.name}`;
}

function equals(a: string, b: string): boolean {
  return a === b;
}

/** Discord itself writes channel names small and with hyphens. */
function equalsLoosely(a: string, b: string): boolean {
  return loose(a) === loose(b);
}

function loose(name: string): string {
  return name.toLowerCase().replaceAll(/\s+/g, "-");
}
