import { MOST_HEADERS, MOST_RECORDS } from '../limits-of-request.ts';
import { tooManyOf } from '../messages/requests.ts';

/** How many records and headers the messages of a request may still have, in total. Those of refused messages count as well. */
export class Budget {
  #records = MOST_RECORDS;
  #headers = MOST_HEADERS;

  /** @throws {GatewayError} TooLarge */
  takeRecord(): void {
    if (this.#records-- <= 0) throw tooManyOf('records', MOST_RECORDS);
  }

  /** @throws {GatewayError} TooLarge */
  takeHeader(): void {
    if (this.#headers-- <= 0) throw tooManyOf('headers', MOST_HEADERS);
  }
}
