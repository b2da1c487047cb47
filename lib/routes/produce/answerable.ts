import { MAX_ENCODED_BYTES } from '../../http/response.ts';
import { MOST_TOPICS } from '../../limits-of-request.ts';
import { tooManyTopics } from '../../messages/produce.ts';
import { answerTooLong } from '../../messages/requests.ts';
import { longestEntry, MAX_MESSAGES_BYTES } from '../../records/responses/produce-response.ts';

/**
 * Refuses more records than a response can report on within Lambda's limit: they would be written, but the client would get an error.
 * Also refuses too many topics in one request.
 *
 * @param named whether every record, and its part of the response, names its topic
 * @throws {GatewayError} TooLarge
 */
export function checkAnswerable(records: readonly { topic: string }[], named: boolean): void {
  let length = records.length * longestEntry(named);
  if (named) {
    const topics = new Set<string>();
    for (const { topic } of records) {
      topics.add(topic);
      length += topic.length;
    }
    if (topics.size > MOST_TOPICS) {
      throw tooManyTopics(topics.size, MOST_TOPICS);
    }
  }
  if (length > MAX_ENCODED_BYTES - MAX_MESSAGES_BYTES) {
    throw answerTooLong(records.length);
  }
}
