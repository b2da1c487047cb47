import { initProducerIdAnswer, keys, type ProducedPartition, produceAnswer, readProduce } from './broker-side.ts';
import { brokersOf, type Call, FakeCluster, silence, topicOn, withMetadata } from './fake-cluster.ts';
import { PartitionLog } from './partition-log.ts';

const NOT_LEADER = 6;

/** A Produce request at a broker, and the broker's options. */
export interface ProduceTurn {
  /** Writes to the partitions that this broker leads, and answers accordingly. */
  write(): Buffer;
  /** Answers every partition with an error, and writes nothing. */
  refuse(error: number): Buffer;
  /** Answers every partition with these values, and writes nothing. */
  answer(parts: Omit<ProducedPartition, 'topic' | 'partition'>): Buffer;
  /** The logs of the partitions in the request. */
  logs: PartitionLog[];
}

export type Turn = (turn: ProduceTurn) => Buffer | Promise<Buffer>;

/** The usual errors. */
export const refused =
  (error: number): Turn =>
  (turn) =>
    turn.refuse(error);
export const writtenButAnswered =
  (error: number): Turn =>
  (turn) => {
    turn.write();
    return turn.refuse(error);
  };
export const answerLost: Turn = (turn) => {
  turn.write();
  return silence();
};
export const requestLost: Turn = silence;
export const hungUp: Turn = () => Promise.reject(new Error('the broker hung up'));

export const outOfStep: Turn = (turn) => {
  for (const log of turn.logs) log.advance(3);
  return turn.write();
};

/** A cluster with the topic `orders`, without a network. Brokers write, unless a script says otherwise. */
export class FakeKafka {
  readonly cluster: FakeCluster;
  /** The leader of each partition, by broker id; -1 for none. */
  leaders: number[];
  topicError = 0;
  /** Every Produce request that reached a broker. */
  readonly requests: {
    broker: number;
    acks: number;
    brokerWaitMs: number;
    silenceMs: number;
    batches: { partition: number; bytes: Buffer }[];
  }[] = [];
  readonly logs: PartitionLog[];
  #scripts = new Map<number, Turn[]>();
  #nextId = 1000n;

  constructor(leaders: number[]) {
    this.leaders = leaders;
    this.logs = leaders.map(() => new PartitionLog());
    const brokers = brokersOf(Math.max(...leaders, 2));
    const content = () => ({ brokers, topics: [{ ...topicOn('orders', ...this.leaders), error: this.topicError }] });
    const answers = brokers.map(
      ({ id, host, port }) => [`${host}:${port}`, withMetadata<Call>(content, (call) => this.#answer(id, call))] as const,
    );
    this.cluster = new FakeCluster(Object.fromEntries(answers));
  }

  /** Scripts a broker's next Produce requests; the last turn may repeat forever. */
  script(broker: number, ...turns: Turn[]): void {
    this.#scripts.set(broker, turns);
  }

  always(broker: number, turn: Turn): void {
    this.#scripts.set(broker, Array(1000).fill(turn));
  }

  /** The batches in a partition's log. */
  batchesOf(partition: number): Buffer[] {
    return this.logs[partition].batches.map(({ batch }) => batch);
  }

  #answer(broker: number, call: Call): Buffer | Promise<Buffer> {
    if (call.key === keys.initProducerId) return initProducerIdAnswer({ id: this.#nextId++ });
    const { acks, timeoutMs: brokerWaitMs, batches } = readProduce(call.body);
    const received = batches.map(({ partition, batch }) => ({ partition, bytes: Buffer.from(batch) }));
    this.requests.push({ broker, acks, brokerWaitMs, silenceMs: call.timeoutMs, batches: received });
    const answer = (of: (partition: number, batch: Buffer) => Omit<ProducedPartition, 'topic' | 'partition'>) =>
      produceAnswer(
        call.version,
        batches.map(({ topic, partition, batch }) => ({ topic, partition, ...of(partition, batch) })),
      );
    const turn = this.#scripts.get(broker)?.shift() ?? ((turn: ProduceTurn) => turn.write());
    return turn({
      write: () =>
        answer((partition, batch) =>
          this.leaders[partition] === broker ? this.logs[partition].append(batch) : { error: NOT_LEADER, baseOffset: -1 },
        ),
      refuse: (error) => answer(() => ({ error })),
      answer: (parts) => answer(() => parts),
      logs: batches.map(({ partition }) => this.logs[partition]),
    });
  }
}
