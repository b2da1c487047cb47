import { MSK, PRICES } from './prices.ts';

/** A gateway's load in a month. */
export interface Load {
  /** Requests per month. */
  readonly requests: number;
  /** The load of the busiest hour, as a multiple of the mean. */
  readonly peak: number;
  /** How long a warm request takes on Lambda, in milliseconds: mostly waiting for Kafka. */
  readonly ms: number;
  /** CPU time of a request, in milliseconds of a whole core. */
  readonly cpuMs: number;
  /** The function's memory, in MB. */
  readonly memory: number;
  /** Kilobytes of a request's body and response together. */
  readonly kilobytes: number;
  /** Kilobytes of log per request. */
  readonly logKilobytes: number;
  /** CloudWatch metrics; each combination of dimensions counts. */
  readonly metrics: number;
  /** DynamoDB writes per request: one with limits, two with an Idempotency-Key. */
  readonly writes: number;
  /** NAT gateways; all bytes of requests pass through one. */
  readonly nats: number;
}

/** The cost of a month in US dollars, by item. */
export type Bill = Readonly<Record<string, number>>;

export interface Scale {
  readonly requestsPerSecond: { readonly mean: number; readonly peak: number };
  /** Instances at the peak. Each has a connection to every broker that leads a partition it writes to. */
  readonly instances: number;
  /** Their share of the connections that MSK allows per broker. */
  readonly ofMskConnections: number;
  /** Seconds until MSK has let that many instances connect to a broker. */
  readonly secondsToConnect: number;
}

export interface Estimate {
  readonly lambda: Bill;
  /** `npm run serve` on Fargate behind a load balancer. */
  readonly containers: Bill;
  /** The number of tasks, each with one vCPU and 2 GB. */
  readonly tasks: number;
  readonly scale: Scale;
  /** The share of provisioned concurrency that must be in use for it to be cheaper than on demand. */
  readonly provisionedFrom: number;
}

const HOURS = 730;
const SECONDS = HOURS * 3600;
const MILLION = 1e6;
const KB_PER_GB = 1024 * 1024;
const MB_PER_GB = 1024;
/** Kilobytes that the HTTP API bills as one request. */
const METERED_KB = 512;
const FIRST_TIER = 300 * MILLION;
/** How much of a core a task may use at the peak. */
const FULL = 0.5;
/** Two, in case a task is replaced or a zone fails. */
const LEAST_TASKS = 2;
/** A load balancer's unit is 25 new connections a second, or a gigabyte an hour. Here, clients use a connection for ten requests. */
const UNIT_CONNECTIONS = 25;
const REQUESTS_A_CONNECTION = 10;

/** Estimates the monthly cost of a gateway, and its instances and connections. Free tiers are ignored. */
export function estimate(load: Load): Estimate {
  const { requests, peak, ms, cpuMs, memory, kilobytes, logKilobytes, metrics, writes, nats } = load;
  const mean = requests / SECONDS;
  const gigabytes = (requests * kilobytes) / KB_PER_GB;
  const metered = requests * Math.max(1, Math.ceil(kilobytes / METERED_KB));
  const gbSeconds = (requests * ms * memory) / 1000 / MB_PER_GB;
  const common = {
    logs: ((requests * logKilobytes) / KB_PER_GB) * PRICES.logs.usd,
    metrics: metrics * PRICES.metrics.usd,
    dynamodb: ((requests * writes) / MILLION) * PRICES.writes.usd,
    nat: nats * HOURS * PRICES.natHours.usd + (nats > 0 ? gigabytes * PRICES.natBytes.usd : 0),
  };
  const tasks = Math.max(LEAST_TASKS, Math.ceil((mean * peak * cpuMs) / 1000 / FULL));
  const units = Math.max(mean / REQUESTS_A_CONNECTION / UNIT_CONNECTIONS, gigabytes / HOURS);
  const instances = Math.ceil((mean * peak * ms) / 1000);
  return {
    lambda: {
      'api gateway':
        (Math.min(metered, FIRST_TIER) * PRICES.apiRequests.usd + Math.max(0, metered - FIRST_TIER) * PRICES.apiRequestsBeyond.usd) /
        MILLION,
      invocations: (requests / MILLION) * PRICES.invocations.usd,
      duration: gbSeconds * PRICES.duration.usd,
      ...common,
    },
    containers: {
      tasks: tasks * HOURS * (PRICES.cpuHours.usd + 2 * PRICES.memoryHours.usd),
      'load balancer': HOURS * (PRICES.balancerHours.usd + units * PRICES.balancerUnits.usd),
      ...common,
    },
    tasks,
    scale: {
      requestsPerSecond: { mean, peak: mean * peak },
      instances,
      ofMskConnections: instances / MSK.connections,
      secondsToConnect: instances / MSK.connectionsPerSecond,
    },
    provisionedFrom: PRICES.provisioned.usd / (PRICES.duration.usd - PRICES.provisionedDuration.usd),
  };
}

export const totalOf = (bill: Bill): number => Object.values(bill).reduce((sum, dollars) => sum + dollars, 0);

/** Requests per month of devices that each send one at this interval. */
export const requestsOf = (devices: number, everySeconds: number): number => (devices * SECONDS) / everySeconds;
