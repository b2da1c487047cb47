import { type Receiver, startReceiver } from './receiver.ts';
import { newSigningKey, PREFIX } from './signing.ts';

/** A receiver, and the variables of a gateway that may deliver to it, and to any https URL. */
export interface PushWorld {
  receiver: Receiver;
  /** The name of the secret that contains `key`, with which deliveries to the receiver are signed. */
  signing: string;
  key: string;
  environment: Record<string, string>;
}

/** Starts a receiver. The gateway also needs a table. */
export async function startPush(): Promise<PushWorld> {
  const receiver = await startReceiver();
  const key = newSigningKey();
  const signing = `${PREFIX}signing`;
  const environment = {
    GATEWAY_PUSH: 'until-idle',
    GATEWAY_PUSH_TARGETS: `public,${receiver.origin}`,
    GATEWAY_PUSH_LOCAL_SECRETS: JSON.stringify({ [signing]: { key, origin: receiver.origin } }),
  };
  return { receiver, signing, key, environment };
}
