import fc from 'fast-check';
import { encodeByStock, joinByStock } from '../harness/pubsub/stock-runtime.ts';
import { base64, type TypedBody, text, topicIn } from './contents.ts';
import type { Known } from './known.ts';

const integer = fc.constantFrom(0, 1, 2, 10, -1, -2, -3, 2_147_483_647, -2_147_483_648);
const partition = fc.constantFrom(0, 0, 1, 1, 2, -1, 2_147_483_647);

const header = fc.record({ key: text.map((key) => key.toWellFormed()), value: base64 }, { requiredKeys: ['key'] });
const record = fc.record(
  {
    partition,
    timestamp: fc.constantFrom(0, 1_767_225_600_000, -1),
    key: base64,
    value: base64,
    headers: fc.array(header, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

/** A PubSubReq, as proto3's JSON has it. */
const request = (known: Known) => {
  const topic = topicIn(known);
  const fetch = fc.record(
    {
      topic,
      partition,
      offset: integer,
      // A long poll is short, as nobody has the time.
      maxWaitMs: fc.constantFrom(0, 0, 1, 20, -1),
      minBytes: fc.constantFrom(0, 1, -1, 2_147_483_647),
      maxBytes: integer,
      isolation: fc.constantFrom(0, 1, 2, 'READ_COMMITTED', 'READ_UNCOMMITTED'),
    },
    { requiredKeys: ['topic', 'partition'] },
  );
  const produce = fc.record(
    {
      topic,
      records: fc.array(record, { maxLength: 4 }),
      acks: fc.constantFrom(0, 1, 2, 3, 'ACKS_NONE'),
      compression: fc.constantFrom(0, 1, 2, 3, 4, 5),
    },
    { requiredKeys: ['topic', 'records'] },
  );
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.record({ cmdKafkaFetch: fetch }) },
    { weight: 3, arbitrary: fc.record({ cmdKafkaProduce: produce }) },
    { weight: 2, arbitrary: fc.record({ cmdKafkaListOffset: fc.record({ topic, partition, timestamp: integer }) }) },
    fc.record({ cmdPing: fc.record({ state: base64 }) }),
    fc.constantFrom({ cmdEmpty: {} }, {}),
  );
  return fc.tuple(fc.constantFrom(0, 1, 7, -1, 2_147_483_648), command).map(([sequence, given]) => ({ sequence, ...given }));
};

/** Bodies of `POST /pubsub`: JSON, or protobuf, where there may be several with their lengths in front. */
export const pubsubBody = (known: Known): fc.Arbitrary<TypedBody> => {
  const one = request(known);
  const typed = (contentType: string, requests: readonly object[], content: string | Buffer): TypedBody => ({
    contentType,
    content,
    secrets: requests.flatMap(contentsOf),
  });
  return fc.oneof(
    one.map((command) => typed('application/json', [command], JSON.stringify(command))),
    one.map((command) => typed('application/x-protobuf', [command], encodeByStock(command))),
    fc.array(one, { maxLength: 5 }).map((commands) => typed('application/x-protobuf; encoding=delimited', commands, joinByStock(commands))),
  );
};

/** What the records of a command hold, as it was sent and as bytes. */
function contentsOf(command: object): string[] {
  const { cmdKafkaProduce: { records = [] } = {} }: { cmdKafkaProduce?: { records?: { key?: string; value?: string }[] } } = command;
  const contents = records.flatMap(({ key = '', value = '' }) => [key, value]);
  return contents.flatMap((content) => [content, Buffer.from(content, 'base64').toString()]);
}
