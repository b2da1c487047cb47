import { grant } from '../../admission/admit.ts';
import { route } from '../../admission/route.ts';
import type { GatewayError } from '../../errors.ts';
import { readJson } from '../../http/json-body.ts';
import { genericTypes } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { sessionPoolOf } from '../../kafka/share-groups/session-pool.ts';
import { type Holding, type SettleType, settle } from '../../kafka/share-groups/settle.ts';
import { receiptInvalid, receiptsOverlap } from '../../messages/queues.ts';
import { openReceipt, type Receipt, type ReceiptScope, sealReceipt } from '../../queues/receipt.ts';
import { copyRejected } from './copy-rejected.ts';
import { deadLettersOf } from './dead-letter-topic.ts';
import { scopeOf } from './scope.ts';
import { readSettle, type SettleBody } from './settle-body.ts';

type SettleKey = `POST /queues/{group}/${'ack' | 'release' | 'reject' | 'renew'}`;

/** The result for a receipt. */
export type Outcome = { error: GatewayError } | { error: null; renewed: Receipt };

const settling = <Key extends SettleKey>(key: Key, type: SettleType) =>
  route(key, {
    operation: 'consume',
    offers: genericTypes,
    names: ({ group }: { group: string }) => ({ groups: [group] }),
    read: async (request) => readSettle(await readJson(request), type === 'reject'),
    async find({ request, cluster, content }) {
      const { group }: { group: string } = request.path;
      const scope = await scopeOf(request, cluster, group);
      const receipts = openAll(content, scope);
      const topics = topicsOf(receipts);
      // Only an opened receipt tells its topics.
      grant(request, { operation: 'consume', topics });
      const deadLetters = type === 'reject' ? deadLettersOf(request, content.deadLetterTopic, topics) : null;
      return { group, scope, receipts, topics, deadLetters };
    },
    topicsFound: ({ found }) => found.topics,
    async answer({ request, cluster, content, found }) {
      const { group, scope, receipts, deadLetters } = found;
      const sweeping = sessionPoolOf(cluster).sweep();
      request.onEnd(() => sweeping);
      const failures = deadLetters === null ? [] : await copyRejected(cluster, receipts, deadLetters, content.reason, request.deadline);
      const outcomes = await settleAll(cluster, group, type, receipts, failures, request);
      return answerOf(outcomes, type, scope);
    },
  });

/** Marks records as processed. */
export const ack = settling('POST /queues/{group}/ack', 'accept');

/** Releases records, for others to receive at once. */
export const release = settling('POST /queues/{group}/release', 'release');

/** Rejects records: nobody receives them any more. */
export const reject = settling('POST /queues/{group}/reject', 'reject');

/** Extends the lock of records. */
export const renew = settling('POST /queues/{group}/renew', 'renew');

/** @throws {GatewayError} BadRequest for an invalid receipt, or one of another queue or caller; InvalidRecord when two cover one record */
function openAll({ receipts }: SettleBody, scope: ReceiptScope): Receipt[] {
  const seen = new Map<string, [first: number, last: number][]>();
  return receipts.map((text, i) => {
    const receipt = openReceipt(text, scope);
    if (receipt === null) throw receiptInvalid(`receipts[${i}]`);
    for (const { topicId, partition, first, last } of receipt.sessions.flatMap(({ ranges }) => ranges)) {
      const key = `${receipt.member} ${topicId} ${partition}`;
      const others = seen.get(key) ?? [];
      if (others.some((other) => first <= other[1] && last >= other[0])) throw receiptsOverlap(`receipts[${i}]`);
      others.push([first, last]);
      seen.set(key, others);
    }
    return receipt;
  });
}

const topicsOf = (receipts: readonly Receipt[]): string[] => [
  ...new Set(receipts.flatMap(({ sessions }) => sessions.flatMap(({ ranges }) => ranges.map(({ topic }) => topic)))),
];

/** Settles the records of the receipts, except those that have already failed. */
async function settleAll(
  cluster: Cluster,
  group: string,
  type: SettleType,
  receipts: readonly Receipt[],
  failures: readonly (GatewayError | null)[],
  { deadline }: GatewayRequest,
): Promise<Outcome[]> {
  const holdings = receipts.flatMap(({ member, isAll, until, sessions }, place) =>
    failures[place] ? [] : sessions.map((session): Holding & { place: number } => ({ ...session, member, isAll, until, place })),
  );
  const results = await settle(cluster, group, type, holdings, deadline);
  return receipts.map((receipt, place): Outcome => {
    const failure = failures[place];
    if (failure) return { error: failure };
    const own = results.filter((_, i) => holdings[i].place === place);
    const failed = own.find(({ error }) => error !== null);
    if (failed?.error) return { error: failed.error };
    const sessions = receipt.sessions.map((session, i) => {
      const result = own[i];
      return { ...session, epoch: result.error === null ? result.epoch : session.epoch };
    });
    const until = Math.min(...own.map((result) => (result.error === null ? result.until : 0)));
    return { error: null, renewed: { ...receipt, until, sessions } };
  });
}

/** If all receipts failed for the same reason, the request fails with it. */
function answerOf(outcomes: readonly Outcome[], type: SettleType, scope: ReceiptScope): { body: string } {
  const [first] = outcomes;
  if (first.error !== null) {
    const { code, message } = first.error;
    if (outcomes.every(({ error }) => error !== null && error.code === code && error.message === message)) throw first.error;
  }
  const results = outcomes.map((outcome) => {
    if (outcome.error !== null) return { error_code: outcome.error.code, message: outcome.error.message };
    if (type !== 'renew') return { error_code: null };
    return { error_code: null, locked_until: outcome.renewed.until, receipt: sealReceipt(outcome.renewed, scope) };
  });
  return { body: JSON.stringify({ results }) };
}
