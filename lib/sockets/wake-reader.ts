import type { ReadAccess } from '../aws/access.ts';
import { invokeLater } from '../aws/invoke.ts';

/** The event of the function that reads for a shard of connections. */
interface ReaderEvent {
  readonly shard: number;
}

/** Invokes the function that reads for a shard. @throws {Error} when Lambda does not accept the invocation */
export const wakeReader = (access: ReadAccess, reader: string, shard: number): Promise<void> =>
  invokeLater(access, reader, { shard } satisfies ReaderEvent);
