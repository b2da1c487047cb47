import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRules } from '../lib/limits/parse-rules.ts';

/** What is used here of the framework, which hands it to every plugin. */
interface Serverless {
  serviceDir: string;
  service: {
    provider: { environment: Record<string, string | undefined> };
    custom: { esbuild: { outputWorkFolder: string } };
  };
}

interface Writers {
  log: { warning(text: string): void };
}

/** Plugin of the framework: checks before packaging and deploying that a configuration file cannot express. */
export default class Safeguards {
  readonly hooks: Record<string, () => void | Promise<void>>;

  constructor({ serviceDir, service }: Serverless, _options: unknown, { log }: Writers) {
    this.hooks = {
      // A build that was killed leaves files behind, which would get into the zips.
      'before:package:cleanup': () => rm(join(serviceDir, service.custom.esbuild.outputWorkFolder), { recursive: true, force: true }),

      'before:deploy:deploy': () => {
        const { KAFKA_SECURITY_PROTOCOL, KAFKA_SECRET_ID } = service.provider.environment;
        if (!process.env.KAFKA_BOOTSTRAP_SERVERS) {
          throw new Error('Set KAFKA_BOOTSTRAP_SERVERS to the brokers of your Kafka (host:port, comma separated) before you deploy.');
        }
        if (KAFKA_SECURITY_PROTOCOL?.startsWith('SASL') && !KAFKA_SECRET_ID && !isMskIam(service.provider.environment)) {
          throw new Error(
            `${KAFKA_SECURITY_PROTOCOL} needs credentials: put them into Secrets Manager and set KAFKA_SECRET_ID to its name or ARN.`,
          );
        }
        if (!process.env.VPC_SUBNET_IDS !== !process.env.VPC_SECURITY_GROUP_IDS) {
          throw new Error('VPC_SUBNET_IDS and VPC_SECURITY_GROUP_IDS go together: set both, or none.');
        }
        // It would not be found out before the first request.
        if (process.env.GATEWAY_LIMITS) parseRules(process.env.GATEWAY_LIMITS);
        if (process.env.GATEWAY_AUTH === 'none') {
          log.warning(
            'GATEWAY_AUTH=none: the gateway will be OPEN TO THE WORLD. Anyone who knows its address can read and write your Kafka.',
          );
        }
      },
    };
  }
}

/** It needs no secret, but the function's role. */
const isMskIam = (environment: Record<string, string | null | undefined>): boolean =>
  environment.KAFKA_SASL_MECHANISM?.toUpperCase() === 'AWS_MSK_IAM';
