import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { needAuthorizer, parseModes } from '../../lib/access/modes.ts';
import { isWord } from '../../lib/config/environment-reader.ts';
import { readLag } from '../../lib/config/lag.ts';
import { readLogPush } from '../../lib/config/log-push.ts';
import type { ReadSection } from '../../lib/config/section.ts';
import { readSockets } from '../../lib/config/sockets.ts';
import { parseRules } from '../../lib/limits/parse-rules.ts';
import { type Environment, trimmed } from '../template/environment.ts';
import { hasSubscriptions } from '../template/functions.ts';
import { wakeProblem, wakeTopicsOf } from '../template/push.ts';
import { logGroupsOf, pushesLogs } from '../template/push-logs.ts';
import { isGradual } from '../template/rollout.ts';
import { streamEntry } from '../template/streams.ts';

/** Null if a variable is not deployed; an object if CloudFormation makes its value. */
type Variables = Readonly<Record<string, string | object | null>>;

/** The part of the framework's object that this plugin uses. */
interface Serverless {
  serviceDir: string;
  service: {
    provider: { environment: Variables };
    functions?: Record<string, { name?: string; environment?: Variables }>;
    custom: { esbuild: { outputWorkFolder: string } };
  };
}

interface Writers {
  log: { warning(text: string): void };
}

/** Plugin of the framework: checks before packaging and deploying that configuration files cannot express. */
export default class Safeguards {
  readonly hooks: Record<string, () => void | Promise<void>>;

  constructor({ serviceDir, service }: Serverless, _options: unknown, { log }: Writers) {
    this.hooks = {
      // A build that was killed leaves files behind, which would end up in the zips.
      'before:package:cleanup': () => rm(join(serviceDir, service.custom.esbuild.outputWorkFolder), { recursive: true, force: true }),

      'before:deploy:deploy': () => {
        const environment = trimmed(process.env);
        const deployed = deployedVariables(service);
        const { KAFKA_SECRET_ID } = deployed;
        const KAFKA_SECURITY_PROTOCOL = deployed.KAFKA_SECURITY_PROTOCOL?.trim().toUpperCase();
        if (!environment.KAFKA_BOOTSTRAP_SERVERS) {
          throw new Error('Set KAFKA_BOOTSTRAP_SERVERS to the brokers of your Kafka (host:port, comma separated) before you deploy.');
        }
        const passesOn = isWord(environment.GATEWAY_AUTH, 'passthrough');
        if (passesOn && !KAFKA_SECURITY_PROTOCOL?.startsWith('SASL')) {
          throw new Error('GATEWAY_AUTH=passthrough leaves it to Kafka who may call: KAFKA_SECURITY_PROTOCOL must be SASL_SSL.');
        }
        if (KAFKA_SECURITY_PROTOCOL?.startsWith('SASL') && !passesOn && !KAFKA_SECRET_ID && !isMskIam(deployed)) {
          throw new Error(
            `${KAFKA_SECURITY_PROTOCOL} needs credentials: put them into Secrets Manager and set KAFKA_SECRET_ID to its name or ARN.`,
          );
        }
        if (!environment.VPC_SUBNET_IDS !== !environment.VPC_SECURITY_GROUP_IDS) {
          throw new Error('VPC_SUBNET_IDS and VPC_SECURITY_GROUP_IDS go together: set both, or none.');
        }
        const modes = parseModes(environment.GATEWAY_AUTH || 'iam');
        if (modes.some((mode) => mode === 'basic' || mode === 'api-key') && !environment.GATEWAY_USERS_SECRET_ID) {
          throw new Error('GATEWAY_AUTH has basic or api-key: set GATEWAY_USERS_SECRET_ID to the secret that `npm run users` writes.');
        }
        if (modes.includes('jwt') && !(environment.GATEWAY_JWT_ISSUER && environment.GATEWAY_JWT_AUDIENCE)) {
          throw new Error('GATEWAY_AUTH has jwt: set GATEWAY_JWT_ISSUER and GATEWAY_JWT_AUDIENCE to what the tokens must have.');
        }
        if (!environment.DOMAIN_NAME !== !environment.DOMAIN_CERTIFICATE_ARN) {
          throw new Error('DOMAIN_NAME and DOMAIN_CERTIFICATE_ARN go together: set both, or none.');
        }
        if (modes.includes('mtls') && !(environment.DOMAIN_NAME && environment.DOMAIN_TRUSTSTORE_URI)) {
          throw new Error('GATEWAY_AUTH has mtls: set DOMAIN_NAME, DOMAIN_CERTIFICATE_ARN and DOMAIN_TRUSTSTORE_URI.');
        }
        if (hasSubscriptions(environment) && environment.VPC_SUBNET_IDS && !environment.GATEWAY_PUSH_TARGETS) {
          throw new Error('In a VPC, deliveries could reach what is in it: set GATEWAY_PUSH_TARGETS to where they may go.');
        }
        const unwakeable = hasSubscriptions(environment) && wakeTopicsOf(environment).length > 0 ? wakeProblem(deployed) : null;
        if (unwakeable !== null) throw new Error(`GATEWAY_PUSH_WAKE_TOPICS: Lambda's Kafka event source ${unwakeable}.`);
        if (streamEntry(environment) === 'url') {
          if (needAuthorizer(modes)) {
            throw new Error('GATEWAY_STREAMS=url knows callers by iam, passthrough or none, as GATEWAY_AUTH: set GATEWAY_STREAMS=rest.');
          }
          if (environment.VPC_SUBNET_IDS) throw new Error('A function URL does not stream in a VPC: set GATEWAY_STREAMS=rest.');
        }
        checkLogGroups(environment);
        checkNames(service);
        checkSizes(service);
        // Otherwise the first request would report it.
        if (environment.GATEWAY_LIMITS) parseRules(environment.GATEWAY_LIMITS);
        if (modes.includes('none')) {
          log.warning(
            'GATEWAY_AUTH=none: the gateway will be OPEN TO THE WORLD. Anyone who knows its address can read and write your Kafka.',
          );
        }
        if ((environment.ALARM_TOPIC_ARN || isGradual(environment)) && hasNoMetrics(environment)) {
          log.warning(
            'GATEWAY_METRICS=none, and GATEWAY_LOG_LEVEL=warn or error, leave the alarms on requests without metrics: they will see no fault, and take no version back.',
          );
        }
        return checkAll(deployed, [
          readSockets,
          ...(environment.GATEWAY_LAG_GROUPS ? [readLag] : []),
          ...(pushesLogs(environment) ? [readLogPush] : []),
        ]);
      },
    };
  }
}

/** The variables of all functions together. */
function deployedVariables({ provider, functions = {} }: Serverless['service']): Record<string, string> {
  const all = [provider, ...Object.values(functions)].flatMap(({ environment = {} }) => Object.entries(environment));
  return {
    ...Object.fromEntries(all.flatMap(([name, value]) => (value === null ? [] : [[name, typeof value === 'string' ? value : MADE]]))),
    // The API has it as well; streams get the console's origin besides, which CloudFormation makes.
    CORS_ORIGINS: process.env.CORS_ORIGINS ?? '',
  };
}

/** Stands for a value that CloudFormation makes. */
const MADE = 'made by the deployment';

/** Loaded late, because every command of the framework loads this plugin. @throws {Error} that lists what is wrong */
async function checkAll(variables: Record<string, string>, ofDeployments: readonly ReadSection<unknown>[]): Promise<void> {
  const { checkConfiguration } = await import('../serve/check-configuration.ts');
  await checkConfiguration(variables, ofDeployments);
}

/** The metrics of requests are in their lines of the log. */
const hasNoMetrics = ({ GATEWAY_METRICS, GATEWAY_LOG_LEVEL }: Environment): boolean =>
  isWord(GATEWAY_METRICS, 'none') || ['warn', 'error'].some((level) => isWord(GATEWAY_LOG_LEVEL, level));

/** Log lines about a group must not create new entries in that group. */
function checkLogGroups(environment: Record<string, string | undefined>): void {
  const groups = logGroupsOf(environment);
  if (groups.length > 0 !== pushesLogs(environment)) {
    throw new Error('GATEWAY_LOG_TOPIC and GATEWAY_LOG_GROUPS go together: set both, or none.');
  }
  const own = groups.find((group) => /push-logs$/.test(group));
  if (own !== undefined) {
    throw new Error(
      `GATEWAY_LOG_GROUPS has ${own}, the log of the function that writes the entries: each would make others. Leave it out.`,
    );
  }
}

const MOST_OF_NAME = 64;

/** Otherwise CloudFormation would report it when it has made half of the stack. */
function checkNames({ functions = {} }: Serverless['service']): void {
  const tooLong = Math.max(0, ...Object.values(functions).map(({ name = '' }) => name.length - MOST_OF_NAME));
  if (tooLong === 0) return;
  throw new Error(
    `Names of functions have the stage, and Lambda allows ${MOST_OF_NAME} characters: choose a --stage with ${tooLong} fewer.`,
  );
}

const MOST_OF_VARIABLES = 4096;

/** What CloudFormation makes of values is not known here, and does not count. */
function checkSizes({ provider, functions = {} }: Serverless['service']): void {
  for (const [name, { environment }] of Object.entries(functions)) {
    const sizes = Object.entries({ ...provider.environment, ...environment }).flatMap(([variable, value]): [string, number][] =>
      typeof value === 'string' ? [[variable, variable.length + Buffer.byteLength(value)]] : [],
    );
    const size = sizes.reduce((sum, [, one]) => sum + one, 0);
    if (size <= MOST_OF_VARIABLES) continue;
    const [[largest]] = sizes.toSorted(([, one], [, other]) => other - one);
    throw new Error(
      `The variables of ${name} have ${size} bytes, most of them in ${largest}, and Lambda allows ${MOST_OF_VARIABLES}: shorten them, or set what may change in a document (GATEWAY_CONFIG_PARAMETER).`,
    );
  }
}

/** It needs the function's role instead of a secret. */
const isMskIam = (environment: Readonly<Record<string, string>>): boolean => isWord(environment.KAFKA_SASL_MECHANISM, 'AWS_MSK_IAM');
