import { type Grant, parseGrants } from '../access/grants.ts';
import { type AuthMode, parseModes } from '../access/modes.ts';
import { parseRowFilters, type RowFilter } from '../access/row-filters.ts';
import { log } from '../telemetry/log.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { ofProcess, section } from './section.ts';

/** The configuration of authentication and grants. */
export interface AccessConfig {
  /** The modes of GATEWAY_AUTH; empty if it is not set, as for a function that is invoked directly. */
  modes: readonly AuthMode[];
  /** Null if everything is allowed. */
  grants: readonly Grant[] | null;
  /** Which callers get which records of a topic; empty if everyone who may read a topic gets all of them. */
  rowFilters: readonly RowFilter[];
  /** The record header that names the writer of a record; null for none. */
  principalHeader: string | null;
  /** The record header that names the mode by which the writer was authenticated; null for none. */
  modeHeader: string | null;
}

export const readAccess = section(
  (reader): AccessConfig => ({
    modes: readModes(reader),
    grants: readGrants(reader),
    rowFilters: readRowFilters(reader),
    principalHeader: reader.text('GATEWAY_PRINCIPAL_HEADER'),
    modeHeader: reader.text('GATEWAY_PRINCIPAL_MODE_HEADER'),
  }),
);

/**
 * The access section of this process. A gateway that is open to everyone logs that once.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const accessConfig = ofProcess(() => {
  const access = readAccess();
  if (access.modes.includes('none')) {
    log.warn('authentication_off', 'GATEWAY_AUTH is none: the gateway is open to everyone who can reach it');
  }
  return access;
});

/** GATEWAY_AUTH */
export function readModes(reader: EnvironmentReader): AuthMode[] {
  const text = reader.text('GATEWAY_AUTH');
  try {
    return text === null ? [] : parseModes(text);
  } catch (error) {
    return reader.problem(messageOf(error), []);
  }
}

/** GATEWAY_GRANTS */
export function readGrants(reader: EnvironmentReader): Grant[] | null {
  const text = reader.text('GATEWAY_GRANTS');
  try {
    return text === null ? null : parseGrants(text);
  } catch (error) {
    return reader.problem(`GATEWAY_GRANTS: ${messageOf(error)}`, []);
  }
}

/** GATEWAY_ROW_FILTERS */
export function readRowFilters(reader: EnvironmentReader): RowFilter[] {
  const text = reader.text('GATEWAY_ROW_FILTERS');
  try {
    return text === null ? [] : parseRowFilters(text);
  } catch (error) {
    return reader.problem(`GATEWAY_ROW_FILTERS: ${messageOf(error)}`, []);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
