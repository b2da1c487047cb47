import { expires, POLL_MS, sleep } from '../../deadline.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { NONE } from '../error-codes.ts';
import { atDeadline, connectionError } from '../failures.ts';
import { describeConfigs } from '../protocol/describe-configs.ts';

const ANSWER_MS = 2000;
/** How long a broker's setting is remembered. */
const KNOWN_MS = 300_000;
/** How long to wait for a topic that the broker creates. */
const MAKING_MS = 10_000;
/** The same if the broker does not say whether it creates topics. */
const TRYING_MS = 1000;

const settings = new WeakMap<Cluster, { enabled: boolean | null; until: number }>();

/**
 * Lets brokers create topics that do not exist, if their `auto.create.topics.enable` is on, and waits until all of them have leaders. What
 * keeps one from being created is in what the cluster knows of it afterwards. If the setting is off, this only asks for it once in a while.
 *
 * @param deadline Unix milliseconds
 * @returns whether it was tried
 * @throws {GatewayError} DeadlineExceeded, KafkaUnavailable …
 */
export async function createOnDemand(cluster: Cluster, names: readonly string[], deadline: number): Promise<boolean> {
  const asking = createsTopics(cluster);
  if (await expires(asking, deadline)) throw atDeadline(null, deadline);
  const enabled = await asking;
  if (enabled === false) return false;
  const until = Math.min(deadline, Date.now() + (enabled ? MAKING_MS : TRYING_MS));
  if (await expires(cluster.metadata(names, true), deadline)) throw atDeadline(null, deadline);
  while (!names.every((name) => isMade(cluster, name)) && Date.now() + 2 * POLL_MS < until) {
    await sleep(POLL_MS);
    if (await expires(cluster.metadata(names), until)) return true;
  }
  return true;
}

function isMade(cluster: Cluster, name: string): boolean {
  const known = cluster.known(name);
  return known !== undefined && known.leaders.size > 0 && [...known.leaders.values()].every((leader) => leader >= 0);
}

/** Whether brokers create topics; null if they do not say, as not all clients may read their settings. */
async function createsTopics(cluster: Cluster): Promise<boolean | null> {
  const known = settings.get(cluster);
  if (known !== undefined && Date.now() < known.until) return known.enabled;
  const enabled = await askForSetting(cluster);
  settings.set(cluster, { enabled, until: Date.now() + KNOWN_MS });
  return enabled;
}

async function askForSetting(cluster: Cluster): Promise<boolean | null> {
  const [broker] = cluster.brokerIds;
  if (broker === undefined) return false;
  try {
    const { error, configs } = await (await cluster.connectionTo(broker)).send(describeConfigs(String(broker), false, 'broker'), ANSWER_MS);
    const setting = configs.find(({ name }) => name === 'auto.create.topics.enable');
    return error === NONE && setting !== undefined ? setting.value === 'true' : null;
  } catch (cause) {
    // The caller is told that the topic does not exist, which is true.
    connectionError(cause);
    return false;
  }
}
