import type { Caller } from '../access/caller.ts';
import type { NamingMode } from '../access/modes.ts';
import type { EndTask } from '../http/end-tasks.ts';
import type { RequestTrace } from '../telemetry/request-trace.ts';

/** Whoever asks for something: a request, or one command of several in a message. All that grants, limits and clusters look at. */
export interface Subject {
  /** The caller, as the authorizer says. */
  readonly caller: Caller;
  /** The caller's name, as the authorizer says, or Kafka; null when neither has. */
  principal: string | null;
  /** The mode by which that name is known. */
  mode?: NamingMode | undefined;
  /** The name is that of a connection, and ends with it. */
  readonly passing?: boolean | undefined;
  /** What is known of the caller may be of long ago, as the opening of a connection is. */
  readonly isLasting?: boolean | undefined;
  /** Its part in a trace; null where there are none. */
  readonly trace?: RequestTrace | null | undefined;
  /** The caller's address; empty when it is not known. */
  readonly sourceAddress: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** When the answer must be known, in Unix milliseconds. */
  readonly deadline: number;
  readonly requestId: string;
  /** Headers of the response, whatever response it is; names in lower case. */
  readonly responseHeaders: Record<string, string>;
  /** Has something done once the answer is known. */
  onEnd(task: EndTask): void;
  /** Has something done every so many milliseconds for as long as the answer is on its way, where that may last. */
  whileServed?(everyMs: number, task: EndTask): void;
}
