import { parseModes } from '../../lib/access/modes.ts';
import { addressIn, portIn } from './address.ts';
import { checkConfiguration } from './check-configuration.ts';
import { useContainerCredentials } from './container-credentials.ts';
import { startDeliveries } from './deliveries.ts';
import { startServer } from './gateway-server.ts';
import { startMetrics } from './metrics-server.ts';
import { openToAll } from './open-to-all.ts';
import { unreachablePeers } from './unreachable.ts';

// npm run serve: the whole gateway in one process, without Lambda, until SIGTERM or SIGINT.
//   PORT, HOST        by default 8082 and 0.0.0.0; a Lambda web function gets both from AWS_LAMBDA_HTTP_ENDPOINT
//   METRICS_PORT      a port with /metrics for Prometheus, open to anyone who can reach it; by default none
//   GATEWAY_AUTH      who may call: jwt, basic, api-key, passthrough, or none; required
//   KAFKA_*, …        as for the functions

const { GATEWAY_AUTH, KAFKA_BOOTSTRAP_SERVERS } = process.env;

void serve();

async function serve(): Promise<void> {
  try {
    checkNeeded();
    const { port, host } = addressIn(process.env);
    const metricsPort = portIn(process.env, 'METRICS_PORT');
    await checkConfiguration(process.env);
    await useContainerCredentials(process.env);
    if (metricsPort !== null) await startMetrics({ port: metricsPort, host });
    const server = await startServer({ port, host });
    startDeliveries(process.env);
    const open = openToAll(GATEWAY_AUTH ?? '', host);
    if (open !== null) warn(open);
    console.log(`READY ${server.url}`);
    void warnOfUnreachable();
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
    // What has started by then would keep the process alive.
    process.exit(1);
  }
}

const warn = (text: string): void => console.log(`WARNING: ${text}`);

/** Kafka may come later than the gateway, so that this holds nothing up. A Lambda web function would ask at each of its cold starts. */
async function warnOfUnreachable(): Promise<void> {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME) return;
  for (const warning of await unreachablePeers(process.env)) warn(warning);
}

/** Checks what this process needs besides. */
function checkNeeded(): void {
  if (!GATEWAY_AUTH) throw new Error('GATEWAY_AUTH must say who may call: jwt, basic, api-key, passthrough, or none.');
  if (!KAFKA_BOOTSTRAP_SERVERS)
    throw new Error('KAFKA_BOOTSTRAP_SERVERS must name the brokers of your Kafka (host:port, comma separated).');
  const modes = parseModes(GATEWAY_AUTH);
  if (modes.includes('iam') || modes.includes('mtls')) {
    throw new Error(`GATEWAY_AUTH=${GATEWAY_AUTH} needs API Gateway. Here it can be jwt, basic, api-key, passthrough, or none.`);
  }
}
