import { ofProcess, section } from './section.ts';

/** The limits of request bodies. */
export interface BodyConfig {
  /** Limit for a body that writes records, after decompression. */
  maxBytes: number;
}

export const readBody = section((reader): BodyConfig => ({ maxBytes: reader.integer('GATEWAY_MAX_BODY_BYTES', 6 * 1024 * 1024) }));

/**
 * The section of bodies in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const bodyConfig = ofProcess(readBody);
