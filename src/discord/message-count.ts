/** The most messages of a channel that a task may be given. */
export const MAX_CHANNEL_MESSAGES = 30;

/** How many it is given when nobody says. */
export const DEFAULT_CHANNEL_MESSAGES = 20;
