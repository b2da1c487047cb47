import { forbidden, mayOn } from '../../admission/grants.ts';
import { route } from '../../admission/route.ts';
import { integer, oneOf, optional, text } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { MAX_ENCODED_BYTES } from '../../http/response.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { readPartitions } from '../../kafka/fetch/read-partitions.ts';
import type { VisibleRecords } from '../../kafka/fetch/visible-records.ts';
import type { HandedOut, PlacePosition, PolledConsumer, WantedRecords } from '../../kafka/groups/membership/coordinator.ts';
import { isRepetition, mayTake } from '../../kafka/groups/membership/term-of-rows.ts';
import type { StoredRecord } from '../../kafka/record.ts';
import { closeRecords, consumedRecords } from '../../records/responses/consumed-records.ts';
import { renderPage } from '../../records/responses/render-page.ts';
import { type LogicalView, logicalViews } from '../../schemas/codec.ts';
import { visibleTo } from '../read/visible-records.ts';
import { tracedRead } from '../traced/traced-read.ts';
import { coordinatorOf, ofInstance, topicsIn } from './consumer-of.ts';
import { formatNamed, recordTypes, shownAs, typeOfRecords } from './formats.ts';

const MAX_BYTES = 1024 * 1024;
/** A repeated poll gets all of its records again, however many have come since: what it reads is not yet full with them. */
const REPEATED_BYTES = 2 * MAX_ENCODED_BYTES;
const EMPTY = '[]';
/** What a client gets that has left meanwhile: the records are for the next poll. */
const NOTHING = { next: [], isEmpty: true, answer: { body: EMPTY, records: [] } };

/** Records for an instance, from its group's position on. */
export const records = route('GET /consumers/{group}/instances/{instance}/records', {
  ...ofInstance,
  find: async ({ request, cluster }): Promise<PolledConsumer> =>
    (await coordinatorOf(request, cluster)).recall(request.path.instance, request),
  offers: recordTypes,
  // Confluent's clients send -1 for an absent value.
  query: {
    timeout: optional(integer({ min: -1 })),
    max_bytes: optional(integer({ min: -1 })),
    poll_id: optional(text),
    logical: optional(oneOf(...logicalViews)),
  },
  topicsFound: ({ found }) => topicsIn(found.partitions),
  async answer({ request, cluster, query, found }) {
    const waitMs = query.timeout === undefined || query.timeout < 0 ? null : query.timeout;
    const maxBytes = Math.min(
      query.max_bytes === undefined || query.max_bytes < 0 ? MAX_BYTES : Math.max(1, query.max_bytes),
      MAX_ENCODED_BYTES,
    );
    const mayRead = mayReadOf(request, found);
    const { arrivedAt, since, deadline } = request;
    const page = { consumer: found, maxBytes, visible: visibleTo(request.caller), deadline, logical: query.logical };
    const mediaTypeNow = () => typeOfRecords(request.headers.accept, formatNamed(found.options.format));
    let mediaType = mediaTypeNow();
    const handedOut = await tracedRead(
      request.trace,
      { operation: 'poll', topics: topicsOf(found), group: request.path.group },
      () =>
        found.poll({ pollId: query.poll_id ?? null, waitMs, arrivedAt, since }, async (wanted) => {
          // The remembered options may be those of a deleted instance of the same name.
          mediaType = mediaTypeNow();
          const positions = wanted.positions.filter(({ topic }) => mayRead(topic));
          const handedOut = await readPage(cluster, { ...wanted, positions }, page);
          // A repeated poll takes nothing anyway; without records it would set the consumer back.
          return request.gone?.aborted && mayTake(wanted) ? NOTHING : handedOut;
        }),
      (polled) => polled?.records ?? [],
    );
    return { mediaType, body: handedOut?.body ?? EMPTY };
  },
});

const topicsOf = ({ subscription, partitions }: PolledConsumer): readonly string[] =>
  subscription !== null && 'topics' in subscription ? subscription.topics : topicsIn(partitions);

/**
 * If a pattern matches a topic that the caller has no grant for, the topic is not read. If the subscription names it, the request fails.
 */
function mayReadOf(request: GatewayRequest, consumer: PolledConsumer): (topic: string) => boolean {
  const may = mayOn(request, 'topics');
  return (topic) => {
    if (may('read', topic)) return true;
    const { subscription } = consumer;
    if (subscription !== null && 'pattern' in subscription) return false;
    throw forbidden('read', topic);
  };
}

interface PageWanted {
  consumer: PolledConsumer;
  maxBytes: number;
  visible: VisibleRecords;
  deadline: number;
  logical: LogicalView | undefined;
}

interface Shown {
  body: string;
  /** The records that the body contains. */
  records: readonly StoredRecord[];
}

async function readPage(
  cluster: Cluster,
  wanted: WantedRecords,
  { consumer, maxBytes, visible, deadline, logical }: PageWanted,
): Promise<HandedOut<Shown>> {
  const { isolation, minBytes, format } = consumer.options;
  const { positions, waitMs } = wanted;
  const limits = {
    isolation,
    minBytes,
    maxBytes: isRepetition(wanted) ? REPEATED_BYTES : maxBytes,
    waitMs,
    deadline,
    largest: MAX_ENCODED_BYTES,
    maxRecords: Number.MAX_SAFE_INTEGER,
    keep: null,
    visible,
  };
  const { readings } = await readPartitions(cluster, positions, limits);
  const all = readings.flatMap((reading) => reading.records);
  const formats = await shownAs(all, formatNamed(format), deadline, logical);
  const { out, count } = renderPage(readings, consumedRecords(formats), MAX_ENCODED_BYTES - 1);
  out.put(closeRecords);
  let left = count;
  const next = readings.map(({ topic, partition, records: read, offset }): PlacePosition => {
    const shown = left < read.length ? read[left].offset : offset;
    left = Math.max(0, left - read.length);
    return { topic, partition, offset: shown };
  });
  return { next, isEmpty: count === 0, answer: { body: out.toString(), records: all.slice(0, count) } };
}
