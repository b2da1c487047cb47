import { fieldOfCommandInvalid } from '../../messages/pubsub.ts';

const isolations = ['read_uncommitted', 'read_committed'] as const;

/** The isolation level of a number of the enum `KafkaIsolation`. @throws {GatewayError} BadRequest for any other number */
export function isolationOf({ isolation }: { isolation: number }): (typeof isolations)[number] {
  const found = isolations[isolation];
  if (found === undefined) throw fieldOfCommandInvalid('isolation', 'READ_UNCOMMITTED (0) or READ_COMMITTED (1)');
  return found;
}
