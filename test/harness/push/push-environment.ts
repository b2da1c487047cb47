import { startTable } from '../aws/table.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { newSigningKey, PREFIX } from './signing.ts';

/** A receiver, and the variables of a gateway that keeps subscriptions in a table of its own, and may deliver to it and to any https URL. */
export interface PushWorld {
  receiver: Receiver;
  /** The name of the secret that contains `key`, with which deliveries to the receiver are signed. */
  signing: string;
  key: string;
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts a receiver and a table. That takes seconds: one world for a file is enough. */
export async function startPush(): Promise<PushWorld> {
  const [receiver, table] = await Promise.all([startReceiver(), startTable()]);
  const key = newSigningKey();
  const signing = `${PREFIX}signing`;
  const environment = {
    ...table.environment,
    GATEWAY_PUSH: 'until-idle',
    GATEWAY_PUSH_TARGETS: `public,${receiver.origin}`,
    GATEWAY_PUSH_LOCAL_SECRETS: JSON.stringify({ [signing]: { key, origin: receiver.origin } }),
  };
  const stop = async (): Promise<void> => {
    await receiver.close();
    await table.stop();
  };
  return { receiver, signing, key, environment, stop };
}
