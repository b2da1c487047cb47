import packageJson from '../../package.json' with { type: 'json' };
import { route } from '../admission/route.ts';
import { routeWithoutKafka } from '../admission/route-without-kafka.ts';
import { genericTypes } from '../http/media-types.ts';
import { listBrokers } from '../kafka/topics/describe-topics.ts';

/** Load balancers and monitors expect a quick answer. */
const READY_MS = 3000;

/** The gateway's name and version. */
export const root = routeWithoutKafka('GET /', {
  offers: genericTypes,
  answer: () => ({ body: JSON.stringify({ name: packageJson.name, version: packageJson.version }) }),
});

/** Shows that the function runs. */
export const health = routeWithoutKafka('GET /health', { offers: genericTypes, answer: () => ({ body: '{"status":"ok"}' }) });

/** The same in the form of Strimzi's bridge. */
export const healthy = routeWithoutKafka('GET /healthy', { offers: genericTypes, answer: () => ({ status: 204, body: '' }) });

const soon = ({ deadline }: { deadline: number }): number => Math.min(deadline, Date.now() + READY_MS);

/** 200 when Kafka answers, else 503. Does not count against limits. */
export const ready = route('GET /health/ready', {
  operation: null,
  offers: genericTypes,
  acceptedBy: soon,
  async answer({ cluster, request }) {
    const brokers = await listBrokers(cluster, soon(request));
    return { body: JSON.stringify({ status: 'ready', brokers: brokers.length }) };
  },
});

/** The same in the form of Strimzi's bridge. */
export const readyAsStrimzi = route('GET /ready', {
  operation: null,
  offers: genericTypes,
  acceptedBy: soon,
  async answer({ cluster, request }) {
    await listBrokers(cluster, soon(request));
    return { status: 204, body: '' };
  },
});
