import type { Subject } from '../../admission/subject.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import type { Budget } from '../../pubsub/budget.ts';
import type { Form } from '../../pubsub/form.ts';

/** Everything that carrying out a command needs. */
export interface CommandContext {
  /** The caller; each command counts as a request of its own. */
  readonly subject: Subject;
  readonly cluster: Cluster;
  readonly form: Form;
  /** The budget of this message and those after it. */
  readonly budget: Budget;
  /** The room for the reply, in the form's unit. */
  readonly room: number;
  /** The room if it were the only reply. */
  readonly wholeRoom: number;
}
