import { randomUUID } from 'node:crypto';
import { route } from '../../admission/route.ts';
import { consumersConfig } from '../../config/consumers.ts';
import { forwardedBaseUrl } from '../../http/base-url.ts';
import { genericTypes } from '../../http/media-types.ts';
import type { JsonMembers } from '../../json/json-members.ts';
import type { ConsumerOptions } from '../../kafka/groups/membership/coordinator.ts';
import { isConsumerName, MOST_NAME_BYTES } from '../../kafka/groups/membership/member-id.ts';
import { MAX_INT32 } from '../../limits-of-protocol.ts';
import { consumerNameInvalid, optionInvalid } from '../../messages/consumers.ts';
import { booleanOf, integer, readMembers } from './body.ts';
import { coordinatorOf, NO_CONTENT, namesGroup, ofInstance } from './consumer-of.ts';
import { formatNamed } from './formats.ts';

/** Options in both spellings: Confluent's, and that of Kafka's consumer, which Strimzi uses. */
const FIELDS = [
  ...['id', 'name', 'format', 'auto.offset.reset', 'auto.commit.enable', 'enable.auto.commit', 'fetch.min.bytes', 'responseMinBytes'],
  ...['consumer.request.timeout.ms', 'requestWaitMs', 'isolation.level'],
  // Karapace's clients send it, to set how often to look for topics. The gateway ignores it.
  'topic.metadata.refresh.interval.ms',
];

/** Creates a consumer instance. */
export const createConsumer = route('POST /consumers/{group}', {
  operation: 'read',
  offers: genericTypes,
  names: namesGroup,
  read: async (request) => readOptions((await readMembers(request, FIELDS)) ?? {}),
  async answer({ request, cluster, content: { name, options } }) {
    await (await coordinatorOf(request, cluster)).create(name, options, request.since);
    const { group } = request.path;
    const path = `/consumers/${encodeURIComponent(group)}`;
    const url = `${forwardedBaseUrl(request.headers, request.baseUrl, path)}${path}/instances/${encodeURIComponent(name)}`;
    return { body: JSON.stringify({ instance_id: name, base_uri: url }) };
  },
});

/** Deletes a consumer instance. */
export const deleteConsumer = route('DELETE /consumers/{group}/instances/{instance}', {
  ...ofInstance,
  offers: genericTypes,
  async answer({ found }) {
    await found.leave();
    return NO_CONTENT;
  },
});

function readOptions(members: JsonMembers): { name: string; options: ConsumerOptions } {
  const name = either(members, ['id', 'name'], nameOf) ?? `rest-consumer-${randomUUID()}`;
  const autoCommit = either(members, ['auto.commit.enable', 'enable.auto.commit'], booleanOf);
  const reset = members['auto.offset.reset'] ?? consumersConfig().offsetReset;
  const offsetReset = (['earliest', 'latest', 'none'] as const).find((one) => one === reset);
  if (offsetReset === undefined) throw optionInvalid('auto.offset.reset', 'earliest, latest or none');
  const level = members['isolation.level'] ?? 'read_committed';
  const isolation = (['read_committed', 'read_uncommitted'] as const).find((one) => one === level);
  if (isolation === undefined) throw optionInvalid('isolation.level', 'read_committed or read_uncommitted');
  const options: ConsumerOptions = {
    format: formatNamed(members.format ?? 'binary'),
    ...{ offsetReset, isolation },
    autoCommit: autoCommit ?? true,
    minBytes: either(members, ['fetch.min.bytes', 'responseMinBytes'], numberOf) ?? 1,
    timeoutMs: either(members, ['consumer.request.timeout.ms', 'requestWaitMs'], numberOf),
  };
  return { name, options };
}

/** Reads an option with two names: the first one takes precedence, but both must be valid. Null when both are absent. */
function either<Value>(
  members: JsonMembers,
  names: readonly [string, string],
  read: (value: unknown, name: string) => Value,
): Value | null {
  const [first, second] = names.map((name) => (members[name] === undefined ? null : read(members[name], name)));
  return first ?? second;
}

function nameOf(value: unknown): string {
  if (typeof value !== 'string') throw optionInvalid('name', 'a string');
  if (!isConsumerName(value)) throw consumerNameInvalid(MOST_NAME_BYTES);
  return value;
}

/** As for Confluent, -1 means the default, here null. */
function numberOf(value: unknown, name: string): number | null {
  const number = integer(value);
  if (number === null || number < -1 || number > MAX_INT32) throw optionInvalid(name, `an integer from 0 to ${MAX_INT32}`);
  return number < 0 ? null : number;
}
