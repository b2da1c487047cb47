import { setTimeout as delay } from 'node:timers/promises';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 80;

/**
 * Carries out a write to an item that is also written by transactions: of those at the same time, DynamoDB rejects all but the first at
 * once, and the SDK does not try again.
 *
 * @param deadline of the tries (Unix milliseconds)
 * @throws what the write throws, except for a conflict before the deadline
 */
export async function withoutConflict<Answer>(deadline: number, write: () => Promise<Answer>): Promise<Answer> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await write();
    } catch (error) {
      if (!isConflict(error) || Date.now() + pause >= deadline) throw error;
      await delay(pause * (0.5 + Math.random()));
    }
  }
}

/** Why a write of a canceled transaction did not take place. */
interface Reason<Item> {
  Code?: string;
  Item?: Item;
}

/** The reasons of a canceled transaction, in the order of its writes; none for any other error. */
export function reasonsOf<Item>(error: unknown): readonly Reason<Item>[] {
  if (!isNamed(error, 'TransactionCanceledException') || !('CancellationReasons' in error)) return [];
  return Array.isArray(error.CancellationReasons) ? error.CancellationReasons : [];
}

/** Whether a transaction was canceled because of a condition of its writes. */
export const conditionFailedWithin = (error: unknown): boolean => reasonsOf(error).some(({ Code }) => Code === 'ConditionalCheckFailed');

const isConflict = (error: unknown): boolean =>
  isNamed(error, 'TransactionConflictException') || reasonsOf(error).some(({ Code }) => Code === 'TransactionConflict');

const isNamed = (error: unknown, name: string): error is Error => error instanceof Error && error.name === name;
