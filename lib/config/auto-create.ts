import { ofProcess, section } from './section.ts';

/** Whether the broker may create a missing topic when a client produces to it, if the broker is configured to. */
export const readAutoCreate = section(
  (reader): boolean => reader.oneOf('GATEWAY_AUTO_CREATE_TOPICS', ['true', 'false'], 'true') === 'true',
);

/**
 * The section of automatic topic creation in this process.
 *
 * @throws {GatewayError} InternalError; its cause says what is wrong with the variable
 */
export const autoCreateConfig = ofProcess(readAutoCreate);
