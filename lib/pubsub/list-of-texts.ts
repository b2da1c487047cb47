import { tooManyOf } from '../messages/requests.ts';

/** Most topics of a subscription. */
export const MOST_SUBSCRIBED_TOPICS = 100;
/** Most filters of a subscription, as of a page. */
export const MOST_FILTERS = 10;

/** A repeated string field with a limit. */
export class ListOfTexts {
  readonly texts: string[] = [];
  readonly #name: string;
  readonly #most: number;

  constructor(name: string, most: number) {
    this.#name = name;
    this.#most = most;
  }

  /** @throws {GatewayError} TooLarge */
  add(text: string): void {
    if (this.texts.length === this.#most) throw tooManyOf(this.#name, this.#most);
    this.texts.push(text);
  }
}
