import { parseArgs } from 'node:util';
import { type Bill, estimate, type Load, requestsOf, totalOf } from './model.ts';
import { MSK, PRICES } from './prices.ts';

const DEFAULTS: Load = {
  ...{ requests: 1e9, peak: 3, ms: 15, cpuMs: 1.2, memory: 512, kilobytes: 2, logKilobytes: 1.4, metrics: 30, writes: 0, nats: 0 },
};

const OPTIONS = {
  requests: 'requests a month',
  peak: 'the busiest hour, as a multiple of the mean',
  ms: 'milliseconds of a request on Lambda',
  'cpu-ms': 'milliseconds of CPU of a request',
  memory: 'MB of the function',
  kilobytes: 'kilobytes of body and answer',
  'log-kilobytes': 'kilobytes of log of a request',
  metrics: 'metrics of CloudWatch',
  writes: 'writes to DynamoDB of a request',
  nats: 'NAT gateways',
  devices: 'devices, in place of requests',
  every: 'seconds between requests of a device',
} as const;

type Option = keyof typeof OPTIONS;

/**
 * The output of `npm run cost`.
 *
 * @throws {Error} with the usage text
 */
export function cost(args: readonly string[]): string {
  const numbers = read(args);
  const of = (name: Option, otherwise: number): number => numbers.get(name) ?? otherwise;
  const requests = numbers.has('devices') ? requestsOf(of('devices', 0), of('every', 60)) : of('requests', DEFAULTS.requests);
  const load: Load = {
    requests,
    peak: of('peak', DEFAULTS.peak),
    ms: of('ms', DEFAULTS.ms),
    cpuMs: of('cpu-ms', DEFAULTS.cpuMs),
    memory: of('memory', DEFAULTS.memory),
    kilobytes: of('kilobytes', DEFAULTS.kilobytes),
    logKilobytes: of('log-kilobytes', DEFAULTS.logKilobytes),
    metrics: of('metrics', DEFAULTS.metrics),
    writes: of('writes', DEFAULTS.writes),
    nats: of('nats', DEFAULTS.nats),
  };
  const { lambda, containers, tasks, scale, provisionedFrom } = estimate(load);
  const { mean, peak } = scale.requestsPerSecond;
  const isCheaper = totalOf(containers) < totalOf(lambda);
  return [
    `${count(requests)} requests a month: ${count(mean)} a second, ${count(peak)} in the busiest hour`,
    '',
    ...table('on Lambda, US dollars a month', lambda),
    `  a million requests ${' '.repeat(11)}${dollars((totalOf(lambda) / requests) * 1e6)}`,
    '',
    ...table(`npm run serve, ${tasks} tasks of 1 vCPU and 2 GB on Fargate`, containers),
    '',
    `Containers are ${isCheaper ? 'cheaper' : 'dearer'}. Provisioned concurrency is cheaper than on demand where ${Math.round(provisionedFrom * 100)} % of it works.`,
    `${count(scale.instances)} instances in the busiest hour, each with a connection to every broker that it needs: ${Math.round(scale.ofMskConnections * 100)} % of the`,
    `${MSK.connections} that Amazon MSK allows a broker with IAM. To open them takes ${count(scale.secondsToConnect)} s at ${MSK.connectionsPerSecond} a second.`,
    ...(scale.instances > MSK.connections
      ? ['That is too many: put more records into a request, take containers, or have the limit of the brokers raised.']
      : []),
    '',
    `Prices of us-east-1 of autumn 2026, without free tiers: ${Object.keys(PRICES).length} of them, each with its source and date, in infra/cost/prices.ts.`,
  ].join('\n');
}

function read(args: readonly string[]): Map<string, number> {
  const options = Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options });
    return new Map(Object.entries(values).map(([name, text]) => [name, numberOf(name, String(text))]));
  } catch (error) {
    const list = Object.entries(OPTIONS).map(([name, what]) => `  --${name.padEnd(14)} ${what}`);
    throw new Error(`${error instanceof Error ? error.message : error}\nnpm run cost -- [options], each a number:\n${list.join('\n')}`);
  }
}

/** Without metrics, a log, limits or a VPC, there are none of these. */
const MAY_BE_ZERO: readonly string[] = ['log-kilobytes', 'metrics', 'nats', 'writes'];

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && number >= 0 && (number > 0 || MAY_BE_ZERO.includes(name))) return number;
  throw new Error(`--${name} must be a number ${MAY_BE_ZERO.includes(name) ? 'from' : 'above'} 0`);
}

const table = (title: string, bill: Bill): string[] => [
  title,
  ...Object.entries(bill)
    .filter(([, usd]) => usd > 0)
    .map(([what, usd]) => `  ${what.padEnd(16)} ${dollars(usd)}`),
  `  ${'together'.padEnd(16)} ${dollars(totalOf(bill))}`,
];

const dollars = (usd: number): string => usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).padStart(14);
const count = (number: number): string => number.toLocaleString('en-US', { maximumFractionDigits: number < 10 ? 1 : 0 });
