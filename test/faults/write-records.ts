import { send } from '../harness/lambda/api-gateway.ts';
import type { Exchange } from './worker.ts';

/** What each request of a writing process holds. */
export interface Shape {
  partitions: number;
  records: number;
}

/** What a client was told of a record: where it is, or why it is not (`error_code` and message). */
export type Answer = { id: string; partition: number } & ({ offset: number } | Failure);

export interface Failure {
  code: number;
  failure: string;
}

/** A request to write records, and its answer. */
export interface Write {
  worker: number;
  /** The first of its process: it connects, and the packaged code is new to the machine. */
  cold: boolean;
  answers: Answer[];
  /** HTTP status. */
  status: number;
  /** When the answer came; see `performance.now`. */
  answeredAt: number;
  ms: number;
}

interface ProduceResponse {
  offsets: { partition: number | null; offset: number | null; error_code: number | null; error: string | null }[];
}

interface ErrorResponse {
  error_code: number;
  message: string;
}

/** Writes numbered records, `worker-request-record`, spread over all partitions, and notes every answer in `writes`. */
export function writeRecords(topic: string, { partitions, records }: Shape, worker: number, writes: Write[]): Exchange {
  return async (fn, n) => {
    const sent = Array.from({ length: records }, (_, k) => ({ value: `${worker}-${n}-${k}`, partition: (n + k) % partitions }));
    const began = performance.now();
    const response = await send(fn, {
      route: 'POST /topics/{topic}',
      target: `/topics/${topic}`,
      headers: { 'content-type': 'application/vnd.kafka.text.v2+json' },
      body: JSON.stringify({ records: sent }),
    });
    const answeredAt = performance.now();

    const { status } = response;
    const told = status === 200 ? response.json<ProduceResponse>().offsets : [];
    const answers = sent.map(({ value: id, partition }, k): Answer => {
      if (status !== 200) return { id, partition, ...refusal(response.json()) };
      const { offset, error_code: code, error: message } = told[k];
      if (offset === null) return { id, partition, ...refusal({ error_code: code ?? -1, message: String(message) }) };
      return { id, partition: told[k].partition ?? -1, offset };
    });
    writes.push({ worker, cold: n === 0, answers, status, answeredAt, ms: answeredAt - began });
    return answers.every((answer) => 'offset' in answer);
  };
}

const refusal = ({ error_code: code, message: failure }: ErrorResponse): Failure => ({ code, failure });
