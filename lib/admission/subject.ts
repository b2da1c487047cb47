import type { Caller } from '../access/caller.ts';
import type { NamingMode } from '../access/modes.ts';
import type { EndTask } from '../http/end-tasks.ts';
import type { RequestTrace } from '../telemetry/request-trace.ts';

/** Who asks for an operation: a request, or one of several commands in a message. Grants, limits and clusters look only at this. */
export interface Subject {
  /** The caller, as the authorizer describes it. */
  readonly caller: Caller;
  /** The caller's name, from the authorizer or from Kafka; null when neither gave one. */
  principal: string | null;
  /** The authentication mode that gave this name. */
  mode?: NamingMode | undefined;
  /** True if the name is only that of a connection, and ends with it. */
  readonly passing?: boolean | undefined;
  /** True if the caller was authenticated some time ago, as when a connection was opened: grants are then checked again. */
  readonly isLasting?: boolean | undefined;
  /** Its part in a trace; null without tracing. */
  readonly trace?: RequestTrace | null | undefined;
  /** The caller's IP address; empty when unknown. */
  readonly sourceAddress: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** By when the response must be ready, in Unix milliseconds. */
  readonly deadline: number;
  readonly requestId: string;
  /** Headers that every response gets, including errors; names in lower case. */
  readonly responseHeaders: Record<string, string>;
  /** Runs a task once the response is known. */
  onEnd(task: EndTask): void;
  /** Runs a task every `everyMs` milliseconds while a long response is being sent. */
  whileServed?(everyMs: number, task: EndTask): void;
}
