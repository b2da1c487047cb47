import { ofProcess, section } from './section.ts';
import { readTable } from './table.ts';

/** The table and the time for which requests with an `Idempotency-Key` are remembered. */
export interface IdempotencyConfig {
  lifetimeMs: number;
  /** Of DynamoDB. */
  table: string;
}

/** Null where such keys are not supported. */
export const readIdempotency = section((reader): IdempotencyConfig | null => {
  const lifetimeMs = reader.duration('GATEWAY_IDEMPOTENCY', { min: '1m', max: '365d' });
  return lifetimeMs === null ? null : { lifetimeMs, table: readTable(reader, 'GATEWAY_IDEMPOTENCY') };
});

/**
 * The section of idempotency keys in this process; null where they are not supported.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const idempotencyConfig = ofProcess(readIdempotency);
