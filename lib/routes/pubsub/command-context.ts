import type { Subject } from '../../admission/subject.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import type { Budget } from '../../pubsub/budget.ts';
import type { Form } from '../../pubsub/form.ts';
import type { Command, Reply } from '../../pubsub/messages.ts';

/** Everything that a command needs. */
export interface CommandContext {
  /** The caller; limits count each command as a request. */
  readonly subject: Subject;
  readonly cluster: Cluster;
  readonly form: Form;
  /** The WebSocket that carried the command; null for HTTP. */
  readonly socket: SocketOfCommand | null;
  /** The budget that this message shares with those after it. */
  readonly budget: Budget;
  /** The room for the reply, in the form's unit. */
  readonly room: number;
  /** The room if this were the only reply. */
  readonly wholeRoom: number;
}

/** Commands that need a WebSocket. */
export type SocketCommand = Command & { kind: 'subscribe' | 'credit' | 'unsubscribe' };

/** Executes the commands that need a WebSocket. */
export type SocketOfCommand = (command: SocketCommand, context: CommandContext, sequence: bigint) => Promise<Reply>;
