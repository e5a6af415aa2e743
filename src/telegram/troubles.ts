import type { Secret } from "../secret.ts";

/** Says each trouble with Telegram once, never the token, and knows when there is no point in trying any more. */
export class Troubles {
  readonly #warn: (message: string) => void;
  readonly #token: Secret;
  readonly #said = new Set<string>();
  #isHopeless = false;

  constructor(warn: (message: string) => void, token: Secret) {
    this.#warn = warn;
    this.#token = token;
  }

  get isHopeless(): boolean {
    return this.#isHopeless;
  }

  say(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#warn(`Telegram: ${this.#token.redact(message)}`);
  }

  /** The token is wrong: said once, and nothing more is tried. */
  refuseToken(reason: string): void {
    this.#isHopeless = true;
    this.say(`the bot's token is refused (${reason}); check where the config says it comes from`);
  }
}
