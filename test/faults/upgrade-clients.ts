import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionName } from '../../infra/functions.ts';
import type { ClientResponse, HttpRequest } from '../harness/lambda/api-gateway.ts';
import { until } from '../harness/until.ts';
import type { WeightedVersions } from './weighted-versions.ts';

interface Place {
  partition: number;
  offset: number;
}

type Received = Place & { receipt: string };

const JSON_TYPE = { 'content-type': 'application/json' };
/** So short is each client idle between two rounds: the machine is to be shared, and nothing is to be waited for. */
const PAUSE_MS = 100;
const WAIT_MS = 200;
/** Of a record whose partition has another leader by now; it comes again from there. */
const HELD_NO_LONGER = 40907;
/** Of a record that may have been settled; a repetition says whether it is held still. */
const UNSURE = 50003;

/**
 * Clients of a topic that do what a second request has to fit to a first one for: each writes or reads by keys, cursors, receipts and
 * ids of polls that the one version may have given and the other may get.
 */
export class UpgradeClients {
  /** Answers that no client should get. */
  readonly failures: string[] = [];
  /** What the gateway said it is. */
  readonly versions = new Map<string, number>();
  /** Places of records, in the order in which each client had them. */
  readonly written: string[] = [];
  readonly polled: string[] = [];
  readonly paged: string[] = [];
  readonly acknowledged: string[] = [];
  /** What was settled, or is to come again: the broker that had it was restarting. */
  readonly unsure = new Set<string>();
  readonly #tried = new Set<string>();
  readonly #rounds = new Map<string, number>();
  readonly #gateway: WeightedVersions;
  readonly #topic: string;
  readonly #partitions: number;
  #isWriting = true;
  #isReading = true;
  #writers: Promise<unknown> = Promise.resolve();
  #readers: Promise<unknown> = Promise.resolve();

  constructor(gateway: WeightedVersions, topic: string, partitions: number) {
    this.#gateway = gateway;
    this.#topic = topic;
    this.#partitions = partitions;
  }

  start(): void {
    this.#writers = this.#together([this.#write('a'), this.#write('b')]);
    this.#readers = this.#together([this.#consume(), this.#page(), this.#work(), this.#lookAtVersion()]);
  }

  /** Waits until every client has done so many more rounds. */
  async through(rounds: number): Promise<void> {
    const goals = Array.from(this.#rounds, ([client, done]) => ({ client, goal: done + rounds }));
    await until(() => this.failures.length > 0 || goals.every(({ client, goal }) => (this.#rounds.get(client) ?? 0) >= goal));
  }

  /** No more is written, and all that was is read. */
  async finish(): Promise<void> {
    this.#isWriting = false;
    await this.#writers;
    const missing = (places: readonly string[]) => this.written.filter((place) => !places.includes(place));
    const left = () => ({
      polled: missing(this.polled),
      paged: missing(this.paged),
      settled: missing([...this.acknowledged, ...this.unsure]),
    });
    try {
      await until(() => this.failures.length > 0 || Object.values(left()).every(({ length }) => length === 0));
    } catch (cause) {
      throw new Error(`Not all records came: ${JSON.stringify(left())} are missing`, { cause });
    }
    this.#isReading = false;
    await this.#readers;
  }

  async #together(clients: Promise<void>[]): Promise<void> {
    await Promise.all(clients).catch((error: unknown) => this.failures.push(String(error)));
  }

  #writing(client: string, round: (n: number) => Promise<void>): Promise<void> {
    return this.#rounding(client, () => this.#isWriting, round);
  }

  #reading(client: string, round: (n: number) => Promise<void>): Promise<void> {
    return this.#rounding(client, () => this.#isReading, round);
  }

  async #rounding(client: string, goesOn: () => boolean, round: (n: number) => Promise<void>): Promise<void> {
    for (let n = 0; goesOn() && this.failures.length === 0; n++) {
      this.#rounds.set(client, n);
      await round(n);
      await delay(PAUSE_MS);
    }
  }

  async #ask(name: FunctionName, request: HttpRequest, expected: readonly number[] = [200, 204]): Promise<ClientResponse> {
    const response = await this.#gateway.send(name, request);
    if (!expected.includes(response.status)) this.failures.push(`${request.route}: ${response.status} ${response.body}`);
    return response;
  }

  /** Each request twice, as one does whose answer was lost. */
  #write(writer: string): Promise<void> {
    return this.#writing(`write ${writer}`, async (n) => {
      const records = Array.from({ length: this.#partitions }, (_, partition) => ({ partition, value: `${writer}-${n}-${partition}` }));
      const request = {
        route: 'POST /topics/{topic}',
        target: `/topics/${this.#topic}`,
        headers: { 'content-type': 'application/vnd.kafka.json.v2+json', 'idempotency-key': randomUUID() },
        body: JSON.stringify({ records }),
      };
      const first = await this.#ask('produce', request);
      const again = await this.#ask('produce', request);
      if (!first.body.equals(again.body)) this.failures.push(`answered with ${first.body}, and then with ${again.body}`);
      if (first.status === 200) this.written.push(...first.json<{ offsets: Place[] }>().offsets.map(placeOf));
    });
  }

  /** Each poll twice, by its id. */
  async #consume(): Promise<void> {
    const group = `/consumers/group-${randomUUID()}`;
    const path = `${group}/instances/one`;
    const options = { name: 'one', format: 'json', 'auto.offset.reset': 'earliest', 'auto.commit.enable': false };
    await this.#ask('consumers', post('/consumers/{group}', group, options));
    const of = '/consumers/{group}/instances/{instance}';
    await this.#ask('consumers', post(`${of}/subscription`, `${path}/subscription`, { topics: [this.#topic] }));
    await this.#reading('consume', async (n) => {
      const target = `${path}/records?timeout=${WAIT_MS}&poll_id=${n}`;
      const poll = { route: `GET ${of}/records`, target, headers: { accept: 'application/vnd.kafka.json.v2+json' } };
      const first = await this.#ask('consumers', poll);
      const again = await this.#ask('consumers', poll);
      const [places, repeated] = [first, again].map((answer) => recordsIn(answer).map(placeOf));
      // What a partition whose leader is away does not give again comes with a later poll.
      if (!repeated.every((place) => places.includes(place)) && places.length > 0) this.failures.push(`polled ${places}, then ${repeated}`);
      const received = recordsIn(again);
      this.polled.push(...repeated);
      if (received.length === 0) return;
      const last = new Map(received.map(({ partition, offset }) => [partition, offset]));
      const offsets = [...last].map(([partition, offset]) => ({ topic: this.#topic, partition, offset }));
      await this.#ask('consumers', post(`${of}/offsets`, `${path}/offsets`, { offsets }));
    });
  }

  #page(): Promise<void> {
    let cursor = '';
    return this.#reading('page', async () => {
      const target = `/topics/${this.#topic}/records?timeout=${WAIT_MS}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const response = await this.#ask('read-topics', { route: 'GET /topics/{topics}/records', target });
      if (response.status !== 200) return;
      const { items, pagination } = response.json<{ items: Place[]; pagination: { nextCursor: string } }>();
      this.paged.push(...items.map(placeOf));
      cursor = pagination.nextCursor;
    });
  }

  async #work(): Promise<void> {
    const queue = `/queues/queue-${randomUUID()}`;
    await this.#ask('queues', { ...post('', queue, { auto_offset_reset: 'earliest', lock_ms: 15_000 }), route: 'PUT /queues/{group}' });
    await this.#reading('work', async () => {
      const receive = { topics: [this.#topic], max: 50, wait: WAIT_MS };
      // Where machines are so slow that the coordinator of the group is not back in ten seconds, it is to be asked again.
      const response = await this.#ask('queues', post('/queues/{group}/receive', `${queue}/receive`, receive), [200, 503, 504]);
      if (response.status === 200) await this.#settle(queue, response.json<{ records: Received[] }>().records);
    });
  }

  /** Each record by its own receipt, and once more where a broker that restarts may have settled it or not. */
  async #settle(queue: string, records: Received[]): Promise<void> {
    for (let left = records; left.length > 0; await delay(PAUSE_MS)) {
      const receipts = left.map(({ receipt }) => receipt);
      const answer = await this.#ask('queues', post('/queues/{group}/ack', `${queue}/ack`, { receipts }), [200, 409, 503]);
      const codes = codesIn(answer, left.length);
      for (const [n, record] of left.entries()) this.#noteSettled(placeOf(record), codes[n]);
      left = left.filter((_, n) => codes[n] === UNSURE);
    }
  }

  #noteSettled(place: string, code: number | null): void {
    if (code === null) this.acknowledged.push(place);
    else if (code === UNSURE) this.#tried.add(place);
    else if (code !== HELD_NO_LONGER) this.failures.push(`${place} was not acknowledged: ${code}`);
    else if (this.#tried.has(place)) this.unsure.add(place);
  }

  #lookAtVersion(): Promise<void> {
    return this.#reading('version', async () => {
      const { version } = (await this.#ask('topic-metadata', { route: 'GET /', target: '/' })).json<{ version: string }>();
      this.versions.set(version, (this.versions.get(version) ?? 0) + 1);
    });
  }
}

const placeOf = ({ partition, offset }: Place): string => `${partition}/${offset}`;

const recordsIn = (response: ClientResponse): Place[] => (response.status === 200 ? response.json<Place[]>() : []);

const post = (path: string, target: string, body: object): HttpRequest => ({
  route: `POST ${path}`,
  target,
  headers: JSON_TYPE,
  body: JSON.stringify(body),
});

/** What became of each receipt. */
function codesIn(answer: ClientResponse, count: number): (number | null)[] {
  const { results, error_code: code } = answer.json<{ results?: { error_code: number | null }[]; error_code?: number }>();
  return results?.map((result) => result.error_code) ?? Array(count).fill(code);
}
