import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerProcesses } from './consumer-processes.ts';
import { ReceivedRecords } from './received-records.ts';

interface Polled {
  partition: number;
  offset: number;
}

/** The longest that a poll waits. A client that gives polls up does so within this time. */
const LONGEST_MS = 300;

/** Of a process that was killed; it stands for answers that say so, too. */
const UNANSWERED = { status: 503, text: '' };

/** Clients that consume a topic as one group, each request by a process that may be killed, until they are stopped. */
export class ChaosConsumers {
  readonly received = new ReceivedRecords();
  /** Answers that no client should get. */
  readonly unexpected: string[] = [];
  stopped = false;
  readonly #processes: ConsumerProcesses;
  readonly #topic: string;
  readonly #autoCommit: boolean;
  readonly #givesUp: boolean;
  readonly #group = `group-${randomUUID()}`;

  /** @param givesUp whether clients give up one of three polls, and repeat it with another timeout */
  constructor(processes: ConsumerProcesses, topic: string, { autoCommit, givesUp }: { autoCommit: boolean; givesUp: boolean }) {
    this.#processes = processes;
    this.#topic = topic;
    this.#autoCommit = autoCommit;
    this.#givesUp = givesUp;
  }

  /** A client that consumes; one with a life leaves at its end, and comes back. */
  async consume(name: string, lifeMs: number | null): Promise<void> {
    const path = `/consumers/${this.#group}/instances/${name}`;
    while (!this.stopped) {
      const options = { name, 'auto.offset.reset': 'earliest', 'auto.commit.enable': this.#autoCommit };
      await this.#send('POST', `/consumers/${this.#group}`, options, [200, 409]);
      const subscribed = await this.#send('POST', `${path}/subscription`, { topics: [this.#topic] }, [204, 404]);
      // Without a subscription it does not outlive its session, which is short for a machine that is busy.
      if (subscribed.status === 404) continue;
      let last: string[] = [];
      for (const until = Date.now() + (lifeMs ?? Number.POSITIVE_INFINITY); !this.stopped && Date.now() < until; ) {
        last = await this.#poll(path, last);
      }
      if (this.stopped) return;
      await this.#send('DELETE', path, null, [204, 404]);
      if (this.#autoCommit) this.received.settle(last);
    }
  }

  /** @param before what the poll before has handed out @returns what this one has */
  async #poll(path: string, before: string[]): Promise<string[]> {
    const began = performance.now();
    const query = `max_bytes=8000&poll_id=${randomUUID()}`;
    while (this.#givesUp && Math.random() < 1 / 3) {
      const givenUp = this.#processes.send('GET', `${path}/records`, null, `${query}&timeout=${randomInt(LONGEST_MS)}`);
      // What it does last may come after its repetition was answered.
      void givenUp.then(() => this.received.answerLost());
      await delay(randomInt(LONGEST_MS));
      this.received.answerLost();
    }
    const timeout = this.#givesUp ? randomInt(LONGEST_MS) : LONGEST_MS / 2;
    const { status, text } = await this.#send('GET', `${path}/records`, null, [200, 409], `${query}&timeout=${timeout}`);
    if (status !== 200) return before;
    if (this.#autoCommit) this.received.settle(before);
    const records: Polled[] = JSON.parse(text);
    const places = records.map(({ partition, offset }) => `${partition}/${offset}`);
    this.received.receive(places, path, began);
    if (!this.#autoCommit && records.length > 0) await this.#commit(path, records, places);
    return places;
  }

  async #commit(path: string, records: readonly Polled[], places: string[]): Promise<void> {
    const last = new Map(records.map(({ partition, offset }) => [partition, offset]));
    const offsets = [...last].map(([partition, offset]) => ({ topic: this.#topic, partition, offset }));
    const { status } = await this.#send('POST', `${path}/offsets`, { offsets }, [204, 409]);
    if (status === 204) this.received.settle(places);
  }

  /** Sends a request again until it is answered, or until nobody waits for the answer. */
  async #send(method: string, path: string, body: object | null, expected: number[], query = '') {
    for (;;) {
      const answer = (await this.#processes.send(method, path, body, query)) ?? UNANSWERED;
      if (answer.status === UNANSWERED.status) {
        if (this.stopped) return answer;
        this.received.answerLost();
        continue;
      }
      if (!expected.includes(answer.status)) this.unexpected.push(`${method} ${path}: ${answer.status} ${answer.text}`);
      return answer;
    }
  }
}
