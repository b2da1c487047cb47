import { route } from '../../admission/route.ts';
import { BoundedMap } from '../../bounded-map.ts';
import { queuesConfig } from '../../config/queues.ts';
import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import { GatewayError } from '../../errors.ts';
import { readJson } from '../../http/json-body.ts';
import { mediaTypes, negotiate } from '../../http/media-types.ts';
import { oneOf, optional } from '../../http/query.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { MAX_ENCODED_BYTES } from '../../http/response.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { withoutDeadLetters } from '../../kafka/share-groups/dead-letters.ts';
import { receive as receiveFromKafka } from '../../kafka/share-groups/receive.ts';
import type { HeldRun } from '../../kafka/share-groups/received.ts';
import { abandon, closeSettled, releaseAfter } from '../../kafka/share-groups/release-after.ts';
import { sessionPoolOf } from '../../kafka/share-groups/session-pool.ts';
import { queueOfFilteredTopic, receivedUnshown } from '../../messages/queues.ts';
import { type ReceiptScope, sealReceipt } from '../../queues/receipt.ts';
import { recordFormats } from '../../records/formats/record-formats.ts';
import { type AnyFormatName, isSchemaFormat } from '../../records/formats/schema-formats.ts';
import { queueEnd, queuePage } from '../../records/responses/queue-page.ts';
import { renderPage } from '../../records/responses/render-page.ts';
import type { ShownFormats } from '../../records/responses/write-record.ts';
import { type LogicalView, logicalViews } from '../../schemas/codec.ts';
import type { SchemaKey } from '../../schemas/wire-format.ts';
import { hasRowFilter } from '../read/row-filtered.ts';
import { tracedRead } from '../traced/traced-read.ts';
import { deadLettersOf } from './dead-letter-topic.ts';
import { kindOf, mostFitting, noteFitting } from './fitting.ts';
import { deliveries, receiptOfAll } from './receipts.ts';
import { type ReceiveBody, readReceive, shownAs } from './receive-body.ts';
import { scopeOf } from './scope.ts';

const offered = [mediaTypes.plainJson, mediaTypes.generic, mediaTypes.binary, mediaTypes.json, mediaTypes.text] as const;
const offeredWithSchemas = [...offered, mediaTypes.avro, mediaTypes.jsonschema, mediaTypes.protobuf] as const;
const offers = () => (schemaRegistryConfig() === null ? offered : offeredWithSchemas);

/** Reserved in the response for the receipt of all records; each record also has its own. */
const END_BYTES = 64 * 1024;

const MOST_GROUPS = 10_000;

/** By queue, the schema that kept its records from being shown. */
const missed = new BoundedMap<string, SchemaKey>(MOST_GROUPS);

type Content = ReturnType<typeof contentOf>;

const contentOf = (request: GatewayRequest, body: ReceiveBody) => ({
  ...body,
  format: shownAs(negotiate(request.headers.accept, offers()), body),
  deadLetters: deadLettersOf(request, body.deadLetterTopic, body.topics),
});

/** Hands out records of a queue: the caller holds each until its lock ends or the caller settles it. */
export const receive = route('POST /queues/{group}/receive', {
  operation: 'consume',
  offers,
  names: ({ group }) => ({ groups: [group] }),
  query: { logical: optional(oneOf(...logicalViews)) },
  async read(request) {
    return contentOf(request, readReceive(await readJson(request)));
  },
  more: ({ content }) => ({ topics: content.topics }),
  async answer({ request, cluster, content, mediaType, query }) {
    const filtered = content.topics.find(hasRowFilter);
    // Nobody could settle records that are hidden from every receiver.
    if (filtered !== undefined) throw queueOfFilteredTopic(filtered);
    const { deadline } = request;
    const { group } = request.path;
    // Fail on a wrong configuration now, not once records are locked.
    queuesConfig();
    const sweeping = sessionPoolOf(cluster).sweep();
    request.onEnd(() => sweeping);
    const given = await tracedRead(
      request.trace,
      { operation: 'receive', topics: content.topics, group },
      () => {
        // By now the cluster id is known, so this does not ask Kafka.
        const scope = () => scopeOf(request, cluster, group);
        return giveRecords(cluster, group, content, {
          scope,
          deadline,
          gone: request.gone,
          isPlain: mediaType === mediaTypes.plainJson,
          view: query.logical,
        });
      },
      ({ kept }) => kept.flatMap(({ records }) => records),
    );
    return { body: given.body };
  },
});

interface Giving {
  scope(): Promise<ReceiptScope>;
  deadline: number;
  /** Aborts when the client has left; null where nobody can know. */
  gone: AbortSignal | null;
  isPlain: boolean;
  view: LogicalView | undefined;
}

interface Given {
  body: string;
  /** The records in the response; all others are released at once. */
  kept: readonly HeldRun[];
}

async function giveRecords(cluster: Cluster, group: string, content: Content, giving: Giving): Promise<Given> {
  const { deadline, gone, isPlain, view } = giving;
  const missing = missed.get(group);
  if (missing !== undefined && isSchemaFormat(content.format)) {
    const { askForSchema } = await import('../schemas/shown-formats.optional.ts');
    await askForSchema(missing, deadline);
    missed.delete(group);
  }
  const kind = kindOf(group, content.topics, content.maxBytes, content.format);
  const { runs, isCut } = await receiveFromKafka(cluster, group, {
    topics: content.topics,
    maxRecords: mostFitting(kind, content.max),
    maxBytes: content.maxBytes,
    largest: MAX_ENCODED_BYTES,
    waitMs: content.waitMs,
    deadline,
    gone,
  });
  let areShown = true;
  try {
    const scope = await giving.scope();
    const alive = await withoutDeadLetters(cluster, group, runs, content.deadLetters, deadline);
    await closeSettled(cluster, runs);
    areShown = false;
    const formats = await formatsOf(alive, content.format, deadline, view);
    areShown = true;
    const layout = queuePage(formats, isPlain, deliveries(alive, scope));
    const { out, count } = renderPage(alive, layout, MAX_ENCODED_BYTES - END_BYTES);
    const text = out.toString();
    noteFitting(kind, count, isCut || count < alive.reduce((sum, { records }) => sum + records.length, 0));
    const kept = await releaseAfter(cluster, alive, count);
    if (gone?.aborted) abandon(cluster, kept);
    const all = receiptOfAll(kept);
    return { body: text + (all === null ? queueEnd(null, null) : queueEnd(sealReceipt(all, scope), all.until)), kept };
  } catch (error) {
    if (!areShown) throw await unshown(error, group);
    abandon(cluster, runs);
    throw error;
  }
}

/**
 * The error of a receive whose records could not be shown. They stay locked, and the next receive asks for the schema first: freed at once,
 * they would be received, and counted as delivered, again and again, until Kafka gave them to nobody.
 */
async function unshown(error: unknown, group: string): Promise<unknown> {
  if (!(error instanceof GatewayError)) return error;
  const { missedSchema } = await import('../schemas/shown-formats.optional.ts');
  const key = missedSchema(error);
  if (key !== undefined) missed.set(group, key);
  return error.retriable ? receivedUnshown.with({ cause: error }) : error;
}

/** The formats of keys and values in the response. */
async function formatsOf(runs: readonly HeldRun[], name: AnyFormatName, deadline: number, view?: LogicalView): Promise<ShownFormats> {
  if (isSchemaFormat(name)) {
    // Only the zips of deployments with a schema registry contain it.
    const { shownFormats } = await import('../schemas/shown-formats.optional.ts');
    const records = runs.flatMap((run) => run.records);
    return shownFormats(records, { key: name, value: name }, deadline, view);
  }
  return { key: recordFormats[name], value: recordFormats[name] };
}
