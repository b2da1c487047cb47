import { expires } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { type Message, renamed } from '../../messages/message.ts';
import { kafkaError, NONE, REQUEST_TIMED_OUT } from '../error-codes.ts';
import type { Request } from '../protocol/request.ts';
import type { Cluster } from './cluster.ts';
import { again } from './retry.ts';

/** How long the broker may take over a change of topics. */
export const CHANGE_MS = 10_000;
const ANSWER_MS = CHANGE_MS + 2500;

const MOST_SHOWN = 300;

/** Kafka repeats what it was sent, however long, and with whatever characters. */
const shown = (message: string): string => message.slice(0, MOST_SHOWN).replace(/[^ -~]/g, '?');

/** What Kafka says of a change. */
interface Answer {
  error: number;
  /** The broker's own words, for people. */
  message: string | null;
}

/**
 * Has the controller change something, and asks for it once: after a lost answer a second try would find what the first one did and call
 * it a fault.
 *
 * @param unsure what a client is told when it is not known whether the change was made
 * @param explain what an error code of Kafka is to the client, where that is not what it always is
 * @throws {GatewayError} Kafka's refusal with its reason; KafkaUnavailable or DeadlineExceeded
 */
export async function askController(
  cluster: Cluster,
  change: Request<Answer>,
  deadline: number,
  unsure: Message<[]>,
  explain: (error: number) => GatewayError | null = () => null,
): Promise<void> {
  const { controller } = await again(deadline, () => cluster.metadata([]));
  const connection = await again(deadline, async () => {
    const found = await (controller >= 0 ? cluster.connectionTo(controller) : cluster.anyBroker());
    await found.renewSession();
    return found;
  });
  const changing = connection.send(change, ANSWER_MS);
  try {
    if (await expires(changing, deadline)) throw renamed('DeadlineExceeded', unsure());
    const { error, message } = await changing;
    if (error === REQUEST_TIMED_OUT) throw unsure.with({ cause: kafkaError(error) });
    if (error !== NONE) throw explain(error) ?? kafkaError(error, message === null ? undefined : `Kafka says "${shown(message)}"`);
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw unsure.with({ cause });
  }
}
