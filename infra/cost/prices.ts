/** A price and its source. Prices change and differ by region: check before you rely on one. */
export interface Price {
  /** US dollars. */
  readonly usd: number;
  readonly per: string;
  /** `page`: read on an AWS page; `list`: from AWS's price list, as public repositories quote it, with its version or the SKU. */
  readonly read: 'page' | 'list';
  /** A page; or a file of the price list: its service, its version if known, and the SKU or usage type. */
  readonly source: string;
  /** The date of the file; for a page, the date it was read. */
  readonly date: string;
}

const WHITEPAPER = 'docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html';
const page = { read: 'page', source: WHITEPAPER, date: '2026-11' } as const;
const list = <Source extends string>(source: Source, date = '2026-08-31') => ({ read: 'list', source, date }) as const;

/**
 * Prices of us-east-1, without free tiers. Scripts fill the tables of AWS's pages from a public price list:
 * https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<service>/<version>/us-east-1/index.csv, with `current` for the newest version.
 */
export const PRICES = {
  apiRequests: { usd: 1, per: 'million requests of the HTTP API, each of up to 512 KB', ...page },
  apiRequestsBeyond: { usd: 0.9, per: 'million of these beyond 300 million a month', ...page },
  invocations: { usd: 0.2, per: 'million invocations', ...list('AWSLambda: Request-ARM') },
  duration: { usd: 0.0000133334, per: 'GB-second, arm64', ...list('AWSLambda: Lambda-GB-Second-ARM') },
  provisioned: {
    ...{ usd: 0.0000033334, per: 'GB-second of provisioned concurrency, arm64' },
    ...list('AWSLambda: Lambda-Provisioned-Concurrency-ARM'),
  },
  provisionedDuration: { usd: 0.0000077778, per: 'GB-second that it works, arm64', ...list('AWSLambda: Lambda-Provisioned-GB-Second-ARM') },
  logs: { usd: 0.5, per: 'GB into CloudWatch Logs', ...list('AmazonCloudWatch 20260831092148: S8QGXX5R2BKKMDSJ') },
  metrics: { usd: 0.3, per: 'metric a month, of the first 10,000', ...list('AmazonCloudWatch 20260831092148: KG586CTNGQ4VRZKZ') },
  writes: { usd: 0.625, per: 'million writes of up to 1 KB to DynamoDB on demand', ...list('AmazonDynamoDB: WriteRequestUnits') },
  natHours: { usd: 0.045, per: 'hour of a NAT gateway', ...list('AmazonEC2 20260831181331: M2YSHUBETB3JX4M4') },
  natBytes: { usd: 0.045, per: 'GB through a NAT gateway', ...list('AmazonEC2 20260831181331: 59S5R83GFPUAGVR5') },
  cpuHours: {
    ...{ usd: 0.03238, per: 'vCPU-hour of Fargate, arm64' },
    ...list('AmazonECS 20260911124425: USE1-Fargate-ARM-vCPU-Hours:perCPU', '2026-09-11'),
  },
  memoryHours: {
    ...{ usd: 0.00356, per: 'GB-hour of Fargate, arm64' },
    ...list('AmazonECS 20260911124425: USE1-Fargate-ARM-GB-Hours', '2026-09-11'),
  },
  balancerHours: { usd: 0.0225, per: 'hour of an Application Load Balancer', ...list('AWSELB 20260831092255: 37CUWUT8GSNQEPUV') },
  balancerUnits: { usd: 0.008, per: 'hour of a capacity unit of it', ...list('AWSELB 20260831092255: P2XGEJ8N3KU52WA8') },
} as const satisfies Record<string, Price>;

/** Amazon MSK's limits for a broker with IAM access control (docs.aws.amazon.com/msk/latest/developerguide/limits.html). */
export const MSK = {
  /** TCP connections to a broker, by default. */
  connections: 3000,
  /** New TCP connections per second, for all broker types except t3. */
  connectionsPerSecond: 100,
} as const;
