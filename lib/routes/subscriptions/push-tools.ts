import { accessConfig } from '../../config/access.ts';
import { type PushConfig, pushConfig } from '../../config/push.ts';
import { subscriptionsNeedOwnCredentials, subscriptionsOff, subscriptionsUnavailable } from '../../messages/push.ts';
import { type Post, poster } from '../../push/attempt/post.ts';
import { secretsFrom, type TargetSecrets, targetSecrets } from '../../push/attempt/target-secrets.ts';
import { openSubscriptions } from '../../push/subscription/dynamodb-store.ts';
import type { SubscriptionStore } from '../../push/subscription/store.ts';
import type { Definition } from '../../push/subscription/subscription.ts';

/** What this process stores and delivers subscriptions with. */
export interface PushTools {
  readonly config: PushConfig;
  readonly store: SubscriptionStore;
  readonly post: Post;
  readonly secretsOf: (definition: Definition) => TargetSecrets;
}

let opened: PushTools | undefined;

/** @throws {GatewayError} BadRequest when subscriptions are off */
export function pushTools(): PushTools {
  if (accessConfig().modes.includes('passthrough')) throw subscriptionsNeedOwnCredentials();
  const config = pushConfig();
  if (config === null) throw subscriptionsOff();
  if (opened === undefined) {
    const fetchSecret = secretsFrom(config.localSecrets);
    const secretsOf = (definition: Definition) => targetSecrets(definition, fetchSecret);
    opened = { config, store: openSubscriptions(config.table), post: poster(config.targets), secretsOf };
  }
  return opened;
}

/** The store's answer. @throws {GatewayError} StorageUnavailable */
export async function stored<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    throw subscriptionsUnavailable.with({ cause });
  }
}
