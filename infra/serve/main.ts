import { parseModes } from '../../lib/access/modes.ts';
import { checkConfiguration } from './check-configuration.ts';
import { startServer } from './gateway-server.ts';
import { startMetrics } from './metrics-server.ts';

// npm run serve: the whole gateway in one process, without Lambda, until SIGTERM or SIGINT.
//   PORT, HOST        by default 8082 and 0.0.0.0; a Lambda web function gets both from AWS_LAMBDA_HTTP_ENDPOINT
//   METRICS_PORT      a port with /metrics for Prometheus, open to anyone who can reach it; by default none
//   GATEWAY_AUTH      who may call: jwt, basic, api-key, passthrough, or none; required
//   KAFKA_*, …        as for the functions

const { AWS_LAMBDA_HTTP_ENDPOINT, METRICS_PORT, GATEWAY_AUTH, KAFKA_BOOTSTRAP_SERVERS } = process.env;
const [, ENDPOINT_HOST, ENDPOINT_PORT] = /^(?:http:\/\/)?(.+):(\d+)\/?$/.exec(AWS_LAMBDA_HTTP_ENDPOINT ?? '') ?? [];
const { PORT = ENDPOINT_PORT ?? '8082', HOST = ENDPOINT_HOST ?? '0.0.0.0' } = process.env;

void serve();

async function serve(): Promise<void> {
  try {
    const host = hostFor(HOST);
    await checkConfiguration(process.env);
    const server = await startServer({ port: portIn(PORT, 'PORT'), host });
    if (METRICS_PORT) await startMetrics({ port: portIn(METRICS_PORT, 'METRICS_PORT'), host: HOST });
    console.log(`READY ${server.url}`);
    let ending = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      // npm forwards the signal, although the terminal or the container's host has sent it to all processes already.
      process.on(signal, () => {
        if (ending) return;
        ending = true;
        // Open connections to Kafka would keep the process alive.
        void server.close().then(() => process.exit(0));
      });
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

function portIn(text: string, name: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`${name} must be a number from 0 to 65535, not ${text}.`);
  return port;
}

/** Checks what this process needs besides. */
function hostFor(host: string): string {
  if (!GATEWAY_AUTH) throw new Error('GATEWAY_AUTH must say who may call: jwt, basic, api-key, passthrough, or none.');
  if (!KAFKA_BOOTSTRAP_SERVERS)
    throw new Error('KAFKA_BOOTSTRAP_SERVERS must name the brokers of your Kafka (host:port, comma separated).');
  const modes = parseModes(GATEWAY_AUTH);
  if (modes.includes('iam') || modes.includes('mtls')) {
    throw new Error(`GATEWAY_AUTH=${GATEWAY_AUTH} needs API Gateway. Here it can be jwt, basic, api-key, passthrough, or none.`);
  }
  return host;
}
