/** A price, with where it was read. Prices change, and differ by region: look before you rely on one. */
export interface Price {
  /** US dollars. */
  readonly usd: number;
  readonly per: string;
  /** `aws`: on a page of AWS; `copy`: on pages of others that quote AWS, as AWS's own page shows its tables by script. */
  readonly read: 'aws' | 'copy';
  readonly source: string;
}

const LAMBDA = 'aws.amazon.com/lambda/pricing';
const FARGATE = 'aws.amazon.com/fargate/pricing';

/** Prices of us-east-1, without free tiers, as they were read in November 2026. */
export const PRICES = {
  apiRequests: {
    ...{ usd: 1, per: 'million requests of the HTTP API, each of up to 512 KB', read: 'aws' },
    source: 'docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html',
  },
  apiRequestsBeyond: {
    ...{ usd: 0.9, per: 'million of these beyond 300 million a month', read: 'aws' },
    source: 'docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html',
  },
  invocations: { usd: 0.2, per: 'million invocations', read: 'copy', source: LAMBDA },
  duration: { usd: 0.0000133334, per: 'GB-second, arm64', read: 'copy', source: LAMBDA },
  provisioned: { usd: 0.0000033334, per: 'GB-second of provisioned concurrency, arm64', read: 'copy', source: LAMBDA },
  provisionedDuration: { usd: 0.0000077778, per: 'GB-second that it works, arm64', read: 'copy', source: LAMBDA },
  logs: { usd: 0.5, per: 'GB into CloudWatch Logs', read: 'copy', source: 'aws.amazon.com/cloudwatch/pricing' },
  metrics: { usd: 0.3, per: 'metric a month', read: 'copy', source: 'aws.amazon.com/cloudwatch/pricing' },
  writes: {
    usd: 0.625,
    per: 'million writes of up to 1 KB to DynamoDB on demand',
    read: 'copy',
    source: 'aws.amazon.com/dynamodb/pricing',
  },
  natHours: { usd: 0.045, per: 'hour of a NAT gateway', read: 'copy', source: 'aws.amazon.com/vpc/pricing' },
  natBytes: { usd: 0.045, per: 'GB through a NAT gateway', read: 'copy', source: 'aws.amazon.com/vpc/pricing' },
  cpuHours: { usd: 0.03238, per: 'vCPU-hour of Fargate, arm64', read: 'copy', source: FARGATE },
  memoryHours: { usd: 0.00356, per: 'GB-hour of Fargate, arm64', read: 'copy', source: FARGATE },
  balancerHours: {
    usd: 0.0225,
    per: 'hour of an Application Load Balancer',
    read: 'copy',
    source: 'aws.amazon.com/elasticloadbalancing/pricing',
  },
  balancerUnits: { usd: 0.008, per: 'hour of a capacity unit of it', read: 'copy', source: 'aws.amazon.com/elasticloadbalancing/pricing' },
} as const satisfies Record<string, Price>;

/** What Amazon MSK allows of a broker with IAM access control (docs.aws.amazon.com/msk/latest/developerguide/limits.html). */
export const MSK = {
  /** TCP connections to a broker, unless it is configured otherwise. */
  connections: 3000,
  /** New ones a second, of all types but t3. */
  connectionsPerSecond: 100,
} as const;
