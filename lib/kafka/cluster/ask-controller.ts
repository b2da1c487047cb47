import { expires } from '../../deadline.ts';
import { GatewayError } from '../../errors.ts';
import { type Message, renamed } from '../../messages/message.ts';
import { kafkaError, NONE, REQUEST_TIMED_OUT } from '../error-codes.ts';
import type { Request } from '../protocol/request.ts';
import type { Cluster } from './cluster.ts';
import { again } from './retry.ts';

/** How long the broker may take to change topics, in milliseconds. */
export const CHANGE_MS = 10_000;
const ANSWER_MS = CHANGE_MS + 2500;

const MOST_SHOWN = 300;

/** Kafka repeats what it was sent, however long it is and whatever characters it holds. */
const shown = (message: string): string => message.slice(0, MOST_SHOWN).replace(/[^ -~]/g, '?');

/** Kafka's answer to a change. */
interface Answer {
  error: number;
  /** The broker's own words, for people. */
  message: string | null;
}

/**
 * Asks the controller for a change, and asks only once: after a lost answer, a second try would find what the first one did and report
 * it as a fault.
 *
 * @param unsure the client's error when it is unknown whether the change was made
 * @param explain the client's error for a code of Kafka that means something special here; null for all other codes
 * @throws {GatewayError} Kafka's refusal with its reason; QuotaExceeded, KafkaUnavailable or DeadlineExceeded
 */
export async function askController(
  cluster: Cluster,
  change: Request<Answer>,
  deadline: number,
  unsure: Message<[]>,
  explain: (error: number) => GatewayError | null = () => null,
): Promise<void> {
  const { controller } = await again(deadline, async () => {
    (await cluster.anyBroker()).mustHearBefore(deadline);
    return cluster.metadata([]);
  });
  const connection = await again(deadline, async () => {
    const found = await (controller >= 0 ? cluster.connectionTo(controller) : cluster.anyBroker());
    await found.renewSession();
    // A change that a muted broker reads after the deadline would be made all the same.
    found.mustHearBefore(deadline);
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
