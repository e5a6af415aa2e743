import type { RunEvent } from "../events/event.ts";
import type { QuestionSettings } from "../questions/routing.ts";
import { isListed } from "./incoming.ts";
import type { ChatId, TelegramSettings } from "./settings.ts";

/** Where a question is put to people. */
export interface Address {
  readonly chatId: ChatId;
  /** The topic in that chat, or null. */
  readonly threadId: number | null;
  /** Who is called there by name, or null. */
  readonly calls: string | null;
  /** Whether answers are taken from there. */
  readonly takesAnswers: boolean;
  /** Whether the question is old, and others have been asked before. */
  readonly isReminder: boolean;
}

/** Where things are said and answers are taken. */
export type Places = Pick<TelegramSettings, "chatId" | "threadId" | "allowedChats">;

/** To whom a question goes because of what has happened; nobody, while it is with the foreman. */
export function addressesFor(
  event: RunEvent,
  { foreman, otherwise }: QuestionSettings,
  places: Places,
): readonly Address[] {
  if (otherwise === "nobody") return [];
  switch (event.type) {
    case "question_opened":
      return foreman === null || foreman === event.askedBy ? usualAddresses(places) : [];
    case "question_proposed":
    case "question_referred":
      return usualAddresses(places);
    case "question_escalated":
      return remindersFor(event.to, places);
    default:
      return [];
  }
}

/** The chat where the run is shown; where no answers are taken from it, the chats from which they are. */
export function usualAddresses({ chatId, threadId, allowedChats }: Places): readonly Address[] {
  const usual = { chatId, threadId, calls: null, takesAnswers: true, isReminder: false };
  if (isListed(chatId, allowedChats)) return [usual];
  if (allowedChats.length === 0) return [{ ...usual, takesAnswers: false }];
  return allowedChats.map((allowed) => ({ ...usual, chatId: allowed, threadId: null }));
}

/** Where somebody is reminded of an old question: who is next in line is an allowed chat, another chat by its number, or a person in the usual one. */
export function remindersFor(to: string, places: Places): readonly Address[] {
  const usual = usualAddresses(places).map((address) => ({ ...address, isReminder: true }));
  const takesAnswers = isListed(to, places.allowedChats);
  const isNumber = /^-?[1-9]\d{0,15}$/.test(to);
  if (!takesAnswers && !isNumber) return usual.map((address) => ({ ...address, calls: to }));
  const threadId = isListed(to, [places.chatId]) ? places.threadId : null;
  const chatId = isNumber ? Number(to) : to;
  return [{ chatId, threadId, calls: null, takesAnswers, isReminder: true }];
}
