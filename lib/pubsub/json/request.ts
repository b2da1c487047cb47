import { type Slice, whole } from '../../kafka/record.ts';
import { notAJsonMessage, notAMessage } from '../../messages/pubsub.ts';
import type { Command, ProduceRecord, PubSubRequest } from '../messages.ts';
import { Members } from './members.ts';

const isolations = ['READ_UNCOMMITTED', 'READ_COMMITTED'];
const acks = ['ACKS_ALL', 'ACKS_LEADER', 'ACKS_NONE'];
const compressions = ['COMPRESSION_NONE', 'COMPRESSION_GZIP', 'COMPRESSION_SNAPPY', 'COMPRESSION_LZ4', 'COMPRESSION_ZSTD'];

const commands: Readonly<Record<string, (message: Members, name: string) => Command>> = {
  cmdEmpty(message, name) {
    message.message(name, []);
    return { kind: 'empty' };
  },
  cmdPing: (message, name) => ({ kind: 'ping', state: message.message(name, ['state']).bytes('state') ?? Buffer.alloc(0) }),
  cmdKafkaFetch: readFetch,
  cmdKafkaListOffset: readListOffset,
  cmdKafkaProduce: readProduce,
};

/**
 * Reads a `PubSubReq` in proto3's JSON.
 *
 * @throws {GatewayError} BadRequest when the text is none
 */
export function requestFromJson(bytes: Buffer): PubSubRequest {
  const message = new Members(parse(bytes), '', ['sequence', ...Object.keys(commands)]);
  const [name, another] = Object.keys(commands).filter((one) => message.has(one));
  if (another !== undefined) throw notAJsonMessage(`it has two commands, ${name} and ${another}`);
  return { sequence: message.int64('sequence'), command: name === undefined ? null : commands[name](message, name) };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw notAMessage.with({ cause });
  }
}

function readListOffset(message: Members, name: string): Command {
  const members = message.message(name, ['topic', 'partition', 'timestamp']);
  return {
    kind: 'list-offset',
    topic: members.text('topic'),
    partition: members.int32('partition'),
    timestamp: members.int64('timestamp'),
  };
}

function readFetch(message: Members, name: string): Command {
  const members = message.message(name, ['topic', 'partition', 'offset', 'maxWaitMs', 'minBytes', 'maxBytes', 'isolation']);
  return {
    kind: 'fetch',
    topic: members.text('topic'),
    partition: members.int32('partition'),
    offset: members.int64('offset'),
    maxWaitMs: members.int32('maxWaitMs'),
    minBytes: members.int32('minBytes'),
    maxBytes: members.int32('maxBytes'),
    isolation: members.int32('isolation', isolations),
  };
}

function readProduce(message: Members, name: string): Command {
  const members = message.message(name, ['topic', 'records', 'acks', 'compression']);
  return {
    kind: 'produce',
    topic: members.text('topic'),
    records: members.messages('records', ['partition', 'timestamp', 'key', 'value', 'headers']).map(readRecord),
    acks: members.int32('acks', acks),
    compression: members.int32('compression', compressions),
  };
}

const readRecord = (members: Members): ProduceRecord => ({
  partition: members.has('partition') ? members.int32('partition') : null,
  timestamp: members.has('timestamp') ? members.int64('timestamp') : null,
  key: sliceOf(members.bytes('key')),
  value: sliceOf(members.bytes('value')),
  headers: members.messages('headers', ['key', 'value']).map((header) => ({ key: header.text('key'), value: header.bytes('value') })),
});

const sliceOf = (bytes: Buffer | null): Slice | null => (bytes === null ? null : whole(bytes));
