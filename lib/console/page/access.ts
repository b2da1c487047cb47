import { useEffect, useState } from 'preact/hooks';
import { ask } from './client.ts';
import { type Grant, isGranted } from './grants.ts';
import { onSession } from './session.ts';
import { settings } from './settings.ts';

/** What to ask to learn whether credentials are accepted: with passthrough, only Kafka can check them. */
export const WHERE_CREDENTIALS_ARE_JUDGED = settings.auth.includes('passthrough') ? '/topics' : '/whoami';

/** The caller, as the gateway knows them. */
export interface Whoami {
  principal: string | null;
  mode: string | null;
  /** Null when grants limit nothing. */
  grants: readonly Grant[] | null;
}

const isWhoami = (value: unknown): value is Whoami => typeof value === 'object' && value !== null && 'grants' in value;

let known: Promise<Whoami> | null = null;
onSession(() => {
  known = null;
});

/** Asks the gateway once per session. */
export function whoami(): Promise<Whoami> {
  const asked = known ?? askWhoami();
  known = asked;
  return asked;
}

async function askWhoami(): Promise<Whoami> {
  try {
    const answer: unknown = await (await ask('/whoami')).json();
    if (!isWhoami(answer)) throw new TypeError('The gateway does not say who is asking');
    return answer;
  } catch (error) {
    known = null;
    throw error;
  }
}

/** Whether the caller may do something to a topic or a group. */
export type May = (operation: string, resource: 'topics' | 'consumer_groups', name: string) => boolean;

const nothing: May = () => false;

/** What the caller may change: nothing until the gateway has answered, and nothing in a read-only console. */
export function useMayChange(): May {
  const [may, setMay] = useState<{ may: May }>({ may: nothing });
  useEffect(() => {
    if (settings.mode !== 'write') return;
    whoami().then(
      ({ grants }) => setMay({ may: (...wanted) => grants === null || isGranted(grants, ...wanted) }),
      // Views show their own errors.
      () => setMay({ may: nothing }),
    );
  }, []);
  return may.may;
}
