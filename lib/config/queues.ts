import { isTopicName } from '../topic-name.ts';
import { ofProcess, section } from './section.ts';

/** The settings of queues. */
export interface QueuesConfig {
  /** The key texts for receipts: the first one seals, all of them open. */
  receiptKeys: string[];
  /** Returns the name of a topic's dead letter topic; null if only requests name it. */
  deadLetterTopic: ((topic: string) => string) | null;
}

const TOPIC = '{topic}';

export const readQueues = section((reader): QueuesConfig => {
  const receiptKeys = reader.list('GATEWAY_RECEIPT_KEY');
  if (receiptKeys.length === 0) reader.problem('set GATEWAY_RECEIPT_KEY to a text that nobody knows', null);
  const pattern = reader.text('GATEWAY_QUEUES_DEAD_LETTER');
  if (pattern !== null && !isPattern(pattern)) {
    reader.problem(`GATEWAY_QUEUES_DEAD_LETTER must be the name of a topic, in which ${TOPIC} stands for that of the queue`, null);
  }
  return { receiptKeys, deadLetterTopic: pattern === null ? null : (topic) => pattern.replaceAll(TOPIC, topic) };
});

const isPattern = (pattern: string): boolean => isTopicName(pattern.replaceAll(TOPIC, 'a'));

/**
 * The section of queues in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const queuesConfig = ofProcess(readQueues);
