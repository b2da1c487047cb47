import type { Subject } from '../../admission/subject.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import type { Budget } from '../../pubsub/budget.ts';
import type { Form } from '../../pubsub/form.ts';

/** What a command is obeyed with. */
export interface CommandContext {
  /** Who gives the command, which counts as a request of its own. */
  readonly subject: Subject;
  readonly cluster: Cluster;
  readonly form: Form;
  /** What this message and those after it may bring. */
  readonly budget: Budget;
  /** What the reply may take, in the form's unit. */
  readonly room: number;
  /** What it might take if it were the only one. */
  readonly wholeRoom: number;
}
