import type { ReadAccess } from '../aws/access.ts';
import { invokeLater } from '../aws/invoke.ts';

/** What the function is told that reads for a shard of connections. */
interface ReaderEvent {
  readonly shard: number;
}

/** Has a function read for a shard. @throws {Error} when Lambda does not take it */
export const wakeReader = (access: ReadAccess, reader: string, shard: number): Promise<void> =>
  invokeLater(access, reader, { shard } satisfies ReaderEvent);
