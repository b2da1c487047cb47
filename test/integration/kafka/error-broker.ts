import assert from 'node:assert/strict';
import {
  createTopicsAnswer,
  describeConfigsAnswer,
  fetchAnswer,
  initProducerIdAnswer,
  keys,
  listOffsetsAnswer,
  metadataAnswer,
  produceAnswer,
  readCreateTopics,
  readFetch,
  readListOffsets,
  readMetadata,
  readProduce,
} from '../../harness/fake-broker/broker-side.ts';
import { FakeBroker, type ReceivedRequest } from '../../harness/fake-broker/fake-broker.ts';
import {
  consumerGroupDescribeAnswer,
  deleteGroupsAnswer,
  describeGroupsAnswer,
  findCoordinatorAnswer,
  listGroupsAnswer,
  offsetCommitAnswer,
  offsetDeleteAnswer,
  offsetFetchAnswer,
  readOffsetCommit,
} from '../../harness/fake-broker/group-coordinator-side.ts';

/**
 * Stands in for a broker that leads partition 0 of whatever topic it is asked for, whose log begins and ends at 7, that coordinates
 * whatever group, and that answers with errors as it is told.
 */
export interface ErrorBroker {
  address: string;
  /** Answers requests of this kind with these errors, one after the other, and then with the last one; all others with success. */
  answer(key: number, errors: readonly number[]): void;
  /** How many requests of this kind have come. */
  received(key: number): number;
  /** Counts requests anew. */
  forget(): void;
  stop(): Promise<void>;
}

/** Starts one on a free port of the loopback interface. */
export async function startErrorBroker(): Promise<ErrorBroker> {
  let faulty = -1;
  let errors: readonly number[] = [];
  const broker = await FakeBroker.listen((request) =>
    request.key === keys.apiVersions ? broker.apiVersions() : respond(request, request.key === faulty ? nextError() : 0, broker.port),
  );
  const nextError = () => {
    const [error, ...others] = errors;
    if (others.length > 0) errors = others;
    return error;
  };
  return {
    address: broker.address,
    answer(key, next) {
      faulty = key;
      errors = next;
    },
    received: (key) => broker.keys.filter((received) => received === key).length,
    forget() {
      broker.requests.length = 0;
    },
    stop: () => broker.stop(),
  };
}

function respond({ key, version, body }: ReceivedRequest, error: number, port: number): Buffer {
  switch (key) {
    case keys.metadata: {
      const partitions = error === 0 ? [{ id: 0, leader: 1 }] : [];
      const topics = (readMetadata(body, version).topics ?? []).map((name) => ({ name, error, partitions }));
      return metadataAnswer({ brokers: [{ id: 1, host: '127.0.0.1', port }], controller: 1, topics }, version);
    }
    case keys.initProducerId:
      return initProducerIdAnswer({ error });
    case keys.produce:
      return produceAnswer(
        version,
        readProduce(body).batches.map((batch) => ({ ...batch, error, baseOffset: error === 0 ? 7 : -1 })),
      );
    case keys.fetch:
      return fetchAnswer({ ...readFetch(body), partitionError: error });
    case keys.listOffsets: {
      const [{ topic, partition }] = readListOffsets(body).partitions;
      return listOffsetsAnswer(topic, [{ partition, error, offset: 7 }]);
    }
    case keys.createTopics:
      return createTopicsAnswer(readCreateTopics(body).name, error, null);
    case keys.describeConfigs:
      return describeConfigsAnswer('', error, {});
    case keys.findCoordinator:
      return findCoordinatorAnswer({ error, host: '127.0.0.1', port });
    case keys.offsetFetch:
      return offsetFetchAnswer([{ topic: 'committed', partition: 0, offset: 7 }], error, version);
    case keys.offsetCommit:
      return offsetCommitAnswer(readOffsetCommit(body).offsets.map((offset) => ({ ...offset, error })));
    case keys.offsetDelete:
      return offsetDeleteAnswer([], error);
    case keys.describeGroups:
      // The names are an array of texts, of which there is one.
      return describeGroupsAnswer(body.toString('utf8', 6, 6 + body.readInt16BE(4)), { error, state: 'Empty' });
    case keys.consumerGroupDescribe:
      return consumerGroupDescribeAnswer('', { error: 69 });
    case keys.listGroups:
      return listGroupsAnswer([], { error });
    case keys.deleteGroups:
      return deleteGroupsAnswer('', error);
    default:
      return assert.fail(`request ${key} has no answer`);
  }
}
