import type { Subject } from '../../admission/subject.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import type { Budget } from '../../pubsub/budget.ts';
import type { Form } from '../../pubsub/form.ts';
import type { Command, Reply } from '../../pubsub/messages.ts';

/** Everything that carrying out a command needs. */
export interface CommandContext {
  /** The caller; each command counts as a request of its own. */
  readonly subject: Subject;
  readonly cluster: Cluster;
  readonly form: Form;
  /** The WebSocket that the command came over; null where it came otherwise. */
  readonly socket: SocketOfCommand | null;
  /** The budget of this message and those after it. */
  readonly budget: Budget;
  /** The room for the reply, in the form's unit. */
  readonly room: number;
  /** The room if it were the only reply. */
  readonly wholeRoom: number;
}

/** Commands that are for a WebSocket alone. */
export type SocketCommand = Command & { kind: 'subscribe' | 'credit' | 'unsubscribe' };

/** A WebSocket that commands come over: it does what only such a one can. */
export type SocketOfCommand = (command: SocketCommand, context: CommandContext, sequence: bigint) => Promise<Reply>;
