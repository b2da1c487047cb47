import { schemaHeaderNotUsed } from '../../messages/schemas.ts';

/** What the headers of a request say of the schema of a raw body, behind the prefix `kafka-`. */
const names = ['value-schema-id', 'value-schema-version', 'value-subject', 'value-message'];

/**
 * Reads which schema a body is of: `kafka-value-schema-id: 7`, or `kafka-value-schema-version` and `kafka-value-subject`;
 * `kafka-value-message` says which message of Protobuf. An empty header says nothing.
 *
 * @param served whether there is a schema registry
 * @returns the same by the names that the members of a body have
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
