import { admit } from '../../admission/admit.ts';
import { creatableTopics } from '../../admission/creatable-topics.ts';
import { accessConfig } from '../../config/access.ts';
import { logError } from '../../http/request-log.ts';
import type { OutgoingRecord } from '../../kafka/produce/assignment.ts';
import { type Acks, compressionNames, compressionOf, type ProducedRecord, producerOf } from '../../kafka/produce/produce-records.ts';
import { placeInvalid } from '../../messages/produce.ts';
import { fieldOfCommandInvalid, noRecordsInCommand, tooManyResults } from '../../messages/pubsub.ts';
import type { Command, ProduceRecord, ProduceResult, Reply } from '../../pubsub/messages.ts';
import { withPrincipal } from '../../records/requests/principal-header.ts';
import { withTrace } from '../../records/requests/trace-headers.ts';
import { topicName } from '../../topic-name.ts';
import { commonFailure } from '../produce/common-failure.ts';
import { tracedSend } from '../produce/traced-send.ts';
import type { CommandContext } from './command-context.ts';
import { errorReply } from './error.ts';

type Produce = Command & { kind: 'produce' };

/** By the numbers of the enum `KafkaAcks`. */
const acknowledgements: readonly Acks[] = [-1, 1, 0];
/** The largest size of the field names around an error's texts. */
const NAMES = 60;
/** The largest size of a reply without its results. */
const FRAME = 100;

/**
 * Writes records; at most as many as the reply can report on.
 *
 * @throws {GatewayError} when nothing was written
 */
export async function produce(command: Produce, context: CommandContext): Promise<Reply> {
  const { subject, cluster, form, room, wholeRoom } = context;
  topicName(command.topic);
  const acks = acknowledgements[command.acks];
  if (acks === undefined) throw fieldOfCommandInvalid('acks', 'ACKS_ALL (0), ACKS_LEADER (1) or ACKS_NONE (2)');
  const compression = compressionNames[command.compression];
  if (compression === undefined) throw fieldOfCommandInvalid('compression', 'a number from 0 to 4');
  if (command.records.length === 0) throw noRecordsInCommand();
  if (FRAME + command.records.length * form.sizeOfResult > room) throw tooManyResults(Math.floor((wholeRoom - FRAME) / form.sizeOfResult));

  const now = Date.now();
  const records = command.records.map((record, i) => outgoing(command.topic, record, i, now));
  const { principalHeader, modeHeader } = accessConfig();
  if (principalHeader !== null) withPrincipal(records, principalHeader, subject.principal);
  if (modeHeader !== null) withPrincipal(records, modeHeader, subject.mode ?? null);
  const ofRecords = subject.trace?.ofRecords;
  if (ofRecords) withTrace(records, ofRecords);
  await admit(subject, { operation: 'produce', topics: [command.topic], records });
  const options = { acks, compression: compressionOf(compression), deadline: subject.deadline, mayCreate: creatableTopics(subject) };
  const results = await tracedSend(subject.trace, records, () => producerOf(cluster).produce(records, options));
  const failure = commonFailure(results);
  if (failure !== null) {
    logError(failure, { requestId: subject.requestId, principal: subject.principal });
    const maybeWritten = results.some((result) => 'error' in result && result.maybeWritten);
    return { kind: 'error', ...errorReply(failure, command, { maybeWritten }) };
  }
  const reply: Reply = { kind: 'produced', results: told(results, command, room - FRAME - results.length * form.sizeOfResult) };
  return form.sizeOf({ sequence: 0n, reply }) + FRAME <= room ? reply : { ...reply, results: reply.results.map(inShort) };
}

function outgoing(topic: string, { partition, timestamp, key, value, headers }: ProduceRecord, place: number, now: number): OutgoingRecord {
  const time = timestamp === null ? now : Number(timestamp);
  if (time < 0 || time > Number.MAX_SAFE_INTEGER) {
    throw placeInvalid(`records[${place}].timestamp`, 'Unix milliseconds');
  }
  return { topic, partition, timestamp: time, key, value, headers: headers.length === 0 ? null : headers };
}

/** @param room for the reasons of failed records; beyond it, errors have only their codes */
function told(results: readonly ProducedRecord[], command: Produce, room: number): ProduceResult[] {
  let left = room;
  return results.map((result) => {
    if (!('error' in result)) return result;
    const error = errorReply(result.error, command, { maybeWritten: result.maybeWritten });
    if (left >= 0) left -= 2 * Buffer.byteLength(JSON.stringify(error.message + error.detail)) + NAMES;
    return left >= 0 ? { error } : inShort({ error });
  });
}

/** If many records fail for different reasons, there may be no room for texts. */
function inShort(result: ProduceResult): ProduceResult {
  return 'error' in result ? { error: { ...result.error, message: '', detail: '' } } : result;
}
