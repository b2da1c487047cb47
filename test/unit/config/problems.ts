import assert from 'node:assert/strict';
import type { ReadSection } from '../../../lib/config/section.ts';
import { GatewayError } from '../../../lib/errors.ts';

export type Variables = Record<string, string>;

/** What no whole number above 0 is. */
export const notNumbers = ['0', '-1', '1.5', '1e3', '0x10', 'many', '10 000', '1234567890123456'];

/** What a section of the configuration says of variables that are wrong. */
export function problemsOf<Section>(read: ReadSection<Section>, variables: Variables): string {
  try {
    read(variables);
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.cause instanceof Error);
    assert.deepEqual([error.name, error.status], ['InternalError', 500]);
    assert.doesNotMatch(error.message, /KAFKA|GATEWAY|SCHEMA_REGISTRY/, 'clients are not told of variables');
    return error.cause.message;
  }
  return assert.fail('it is taken');
}
