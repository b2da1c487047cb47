import { schemaHeaderNotUsed } from '../../messages/schemas.ts';

/** The headers that choose the schema of a raw body, after the prefix `kafka-`. */
const names = ['value-schema-id', 'value-schema-version', 'value-subject', 'value-message'];

/**
 * Reads the schema of a raw body: `kafka-value-schema-id: 7`, or `kafka-value-schema-version` and `kafka-value-subject`;
 * `kafka-value-message` names the message type of Protobuf. An empty header counts as absent.
 *
 * @param served whether there is a schema registry
 * @returns the values by the names of the corresponding body members
 * @throws {GatewayError} BadRequest without a registry
 */
export function readRawSchema(
  headers: Readonly<Record<string, string | undefined>>,
  prefix: string,
  served: boolean,
): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  for (const name of names) {
    const value = headers[`${prefix}${name}`];
    if (!value) continue;
    if (!served) throw schemaHeaderNotUsed(`${prefix}${name}`);
    members.set(name.replaceAll('-', '_'), value);
  }
  return members;
}
