import assert from 'node:assert/strict';
import { writeTopic } from '../harness/kafka/records.ts';
import { createTopic } from '../harness/kafka/topics.ts';
import { assertOk, type HttpRequest, send } from '../harness/lambda/api-gateway.ts';
import { startGateway } from './deployed.ts';
import { produceBody, readings } from './readings.ts';
import { fetchRequest, pageRequest, produceRequest } from './requests.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';

const MEBIBYTE = 1024 * 1024;
const LIMIT = 128 * MEBIBYTE;
const PAGE_LIMIT = 160_000_000;
const OFTEN_LIMIT = 150 * MEBIBYTE;
const REQUESTS = 10;
/** Peaks differ by a tenth from process to process, as V8 collects its garbage sooner or later: the median counts. */
const PROCESSES = 5;

/** Peak memory of functions with the largest requests and responses, made of small records. */
export async function* memory(): AsyncGenerator<Row> {
  const topic = await createTopic();
  const perRecord = produceBody('json', readings(1000)).length / 1000;
  const produce = produceRequest(topic, 'json', Math.floor((4 * MEBIBYTE) / perRecord));
  const { once, often } = await peaksOf('produce', produce);
  const target = { limit: '≤ 128 MiB', met: once.peak <= LIMIT };
  yield { what: 'peak memory of produce after a body of 4 MiB', gateway: show(once.peak), target };
  yield { what: `the same after ${REQUESTS} of them`, ...shownOften(often) };

  const fetch = await peaksOf('fetch-from-offset', fetchRequest(topic, 'json', 6 * MEBIBYTE));
  assert.ok(fetch.once.size > 5.9 * MEBIBYTE, `only ${fetch.once.size} bytes`);
  yield { what: 'peak memory of fetch after a response of 6 MiB', gateway: show(fetch.once.peak) };
  yield { what: `the same after ${REQUESTS} of them`, ...shownOften(fetch.often) };

  const partitions = await createTopic({ partitions: 12 });
  for (let i = 0; i < 12; i++) await writeTopic(partitions, spread(readings(6000), 12));
  const page = await peaksOf('read-topics', pageRequest(partitions, 'json', 6 * MEBIBYTE, 12));
  assert.ok(page.once.size > 5.5 * MEBIBYTE, `only ${page.once.size} bytes`);
  const pageTarget = { limit: '≤ 160 MB', met: page.once.peak <= PAGE_LIMIT };
  yield { what: 'peak memory of a page of 6 MB, 12 partitions', gateway: show(page.once.peak), target: pageTarget };
  yield { what: `the same after ${REQUESTS} of them`, ...shownOften(page.often) };
}

const shownOften = ({ peak }: Peak) => ({ gateway: show(peak), target: { limit: '≤ 150 MiB', met: peak <= OFTEN_LIMIT } });

const spread = (values: readonly string[], partitions: number) => values.map((value, i) => ({ value, partition: i % partitions }));

interface Peak {
  /** Bytes of memory. */
  peak: number;
  /** Bytes of the response as Lambda passes it on, the body as a string within JSON. */
  size: number;
}

type FunctionName = Parameters<typeof startGateway>[0];

async function peaksOf(name: FunctionName, request: HttpRequest): Promise<{ once: Peak; often: Peak }> {
  const all: { once: Peak; often: Peak }[] = [];
  for (let i = 0; i < PROCESSES; i++) all.push(await peaksOfProcess(name, request));
  const usual = (which: 'once' | 'often'): Peak => ({ ...all[0][which], peak: median(all.map((one) => one[which].peak)) });
  return { once: usual('once'), often: usual('often') };
}

async function peaksOfProcess(name: FunctionName, request: HttpRequest): Promise<{ once: Peak; often: Peak }> {
  const fn = await startGateway(name);
  const repeat = async (times: number): Promise<Peak> => {
    let size = 0;
    for (let i = 0; i < times; i++) {
      const response = await send(fn, request);
      assertOk(response);
      size = Buffer.byteLength(JSON.stringify(response.body.toString()));
    }
    return { peak: (await fn.rss()).peak, size };
  };
  try {
    return { once: await repeat(1), often: await repeat(REQUESTS - 1) };
  } finally {
    await fn.stop();
  }
}

const show = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
