import { GatewayError } from '../../errors.ts';
import { groupIsNoQueue, queuesNotSupported, sessionsUsedUp } from '../../messages/queues.ts';
import type { BrokerConnection } from '../connection/connection.ts';
import { GROUP_ID_NOT_FOUND, KafkaAnswer, kafkaError } from '../error-codes.ts';
import { shareAcknowledge } from '../protocol/share-acknowledge.ts';

/** Kafka's error codes for share groups that need special treatment. */
export const UNKNOWN_SERVER_ERROR = -1;
export const INVALID_RECORD_STATE = 121;
export const SHARE_SESSION_NOT_FOUND = 122;
export const INVALID_SHARE_SESSION_EPOCH = 123;
const UNSUPPORTED_VERSION = 35;
const INCONSISTENT_GROUP_PROTOCOL = 23;
const UNKNOWN_TOPIC_ID = 100;
const INCONSISTENT_TOPIC_ID = 103;
const SHARE_SESSION_LIMIT_REACHED = 133;

/** True if the topic was recreated, or its leader does not know it yet. */
export const isOtherTopic = (code: number): boolean => code === UNKNOWN_TOPIC_ID || code === INCONSISTENT_TOPIC_ID;

const lost: readonly number[] = [INVALID_RECORD_STATE, SHARE_SESSION_NOT_FOUND, INVALID_SHARE_SESSION_EPOCH];

/** True if a broker no longer knows a session, or has given to others what it held. */
export const isLostSession = (failure: unknown): boolean =>
  failure instanceof GatewayError && failure.cause instanceof KafkaAnswer && lost.includes(failure.cause.code);

/** True if a broker keeps as many share sessions as it may, and has opened no other. */
export const isUsedUp = (failure: GatewayError): boolean =>
  failure.cause instanceof KafkaAnswer && failure.cause.code === SHARE_SESSION_LIMIT_REACHED;

const asked = shareAcknowledge({ group: '', member: '', epoch: -1, type: 'accept', ranges: [] });

/**
 * Refuses a broker without the version of share groups that can limit the number of records, and renew locks (Kafka 4.2).
 *
 * @throws {GatewayError} NotSupported
 */
export function requireShareGroups(connection: BrokerConnection): void {
  if (!connection.speaks(asked)) throw queuesNotSupported();
}

/** The error of a queue's client for an error of Kafka. */
export function shareGroupError(code: number): GatewayError {
  if (code === UNSUPPORTED_VERSION) return queuesNotSupported.with({ cause: kafkaError(code) });
  if (code === INCONSISTENT_GROUP_PROTOCOL || code === GROUP_ID_NOT_FOUND) return groupIsNoQueue.with({ cause: kafkaError(code) });
  if (code !== SHARE_SESSION_LIMIT_REACHED) return kafkaError(code);
  return sessionsUsedUp.with({ cause: new KafkaAnswer('SHARE_SESSION_LIMIT_REACHED', code) });
}
