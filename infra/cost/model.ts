import { MSK, PRICES } from './prices.ts';

/** A month of a gateway. */
export interface Load {
  /** Requests a month. */
  readonly requests: number;
  /** The busiest hour, as a multiple of the mean. */
  readonly peak: number;
  /** How long a warm request takes on Lambda, in milliseconds: mostly waiting for Kafka. */
  readonly ms: number;
  /** CPU of a request, in milliseconds, on a whole core. */
  readonly cpuMs: number;
  /** Of the function, in MB. */
  readonly memory: number;
  /** Kilobytes of a request's body and answer together. */
  readonly kilobytes: number;
  /** Kilobytes of log of a request. */
  readonly logKilobytes: number;
  /** Metrics of CloudWatch, by combination of dimensions. */
  readonly metrics: number;
  /** Writes to DynamoDB of a request: one with limits, two with an Idempotency-Key. */
  readonly writes: number;
  /** NAT gateways; each gigabyte of requests goes through one. */
  readonly nats: number;
}

/** What a month costs, in US dollars, by what is paid for. */
export type Bill = Readonly<Record<string, number>>;

export interface Scale {
  readonly requestsPerSecond: { readonly mean: number; readonly peak: number };
  /** Instances at the peak, each with a connection to every broker that leads a partition it writes to. */
  readonly instances: number;
  /** Share of what MSK allows a broker. */
  readonly ofMskConnections: number;
  /** Seconds in which MSK lets so many instances connect to a broker. */
  readonly secondsToConnect: number;
}

export interface Estimate {
  readonly lambda: Bill;
  /** `npm run serve` on Fargate behind a load balancer. */
  readonly containers: Bill;
  /** Tasks of one vCPU and 2 GB that the containers are. */
  readonly tasks: number;
  readonly scale: Scale;
  /** Of provisioned concurrency for the mean load, how much must be in use for it to be cheaper than on demand. */
  readonly provisionedFrom: number;
}

const HOURS = 730;
const SECONDS = HOURS * 3600;
const MILLION = 1e6;
const KB_PER_GB = 1024 * 1024;
const MB_PER_GB = 1024;
/** Kilobytes that count as one request of the HTTP API. */
const METERED_KB = 512;
const FIRST_TIER = 300 * MILLION;
/** How much of a core a task may use at the peak. */
const FULL = 0.5;
/** For a task that is replaced, or a zone that is lost. */
const LEAST_TASKS = 2;
/** A load balancer's unit is 25 new connections a second, or a gigabyte an hour; clients keep connections for ten requests here. */
const UNIT_CONNECTIONS = 25;
const REQUESTS_A_CONNECTION = 10;

/** Estimates what a month of a gateway costs, and how many instances and connections it comes to. Free tiers are left out. */
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

/** Requests a month of devices that each send one so often. */
export const requestsOf = (devices: number, everySeconds: number): number => (devices * SECONDS) / everySeconds;
