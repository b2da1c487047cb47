import type { CountedRequest } from '../../admission/limiter.optional.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import type { Form } from '../../pubsub/form.ts';

/** What a command is obeyed with. */
export interface CommandContext {
  readonly request: GatewayRequest;
  /** The message as the limits count it: as a request of its own. */
  readonly counted: CountedRequest;
  readonly cluster: Cluster;
  readonly form: Form;
  /** What the reply may take, in the form's unit. */
  readonly room: number;
  /** What it might take if it were the only one. */
  readonly wholeRoom: number;
}
