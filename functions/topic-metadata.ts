import { functionHandler } from '../lib/admission/function-handler.ts';
import { health, healthy, ready, readyAsStrimzi, root } from '../lib/routes/health.ts';
import { brokers, partition, partitions, topic, topics } from '../lib/routes/topics/metadata.ts';
import * as v3 from '../lib/routes/topics/v3/metadata.ts';
import { whoami } from '../lib/routes/whoami.ts';

/** Describes clusters, topics, partitions and brokers; also answers paths that match no route. */
export const handler = functionHandler({
  'GET /': root,
  'GET /health': health,
  'GET /health/ready': ready,
  'GET /healthy': healthy,
  'GET /ready': readyAsStrimzi,
  'GET /whoami': whoami,
  'GET /brokers': brokers,
  'GET /topics': topics,
  'GET /topics/{topic}': topic,
  'GET /topics/{topic}/partitions': partitions,
  'GET /topics/{topic}/partitions/{partition}': partition,
  'GET /v3/clusters': v3.clusters,
  'GET /v3/clusters/{cluster}': v3.cluster,
  'GET /v3/clusters/{cluster}/brokers': v3.brokers,
  'GET /v3/clusters/{cluster}/brokers/{broker}': v3.broker,
  'GET /v3/clusters/{cluster}/topics': v3.topics,
  'GET /v3/clusters/{cluster}/topics/{topic}': v3.topic,
  'GET /v3/clusters/{cluster}/topics/{topic}/configs': v3.configs,
  'GET /v3/clusters/{cluster}/topics/{topic}/configs/{config}': v3.config,
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions': v3.partitions,
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}': v3.partition,
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas': v3.replicas,
  'GET /v3/clusters/{cluster}/topics/{topic}/partitions/{partition}/replicas/{broker}': v3.replica,
});
