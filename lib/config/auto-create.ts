import { ofProcess, section } from './section.ts';

/** Whether producing to a topic that does not exist lets the broker create it, where the broker does that. */
export const readAutoCreate = section(
  (reader): boolean => reader.oneOf('GATEWAY_AUTO_CREATE_TOPICS', ['true', 'false'], 'true') === 'true',
);

/**
 * The section of topics that are created on demand in this process.
 *
 * @throws {GatewayError} InternalError; its cause says what is wrong with the variable
 */
export const autoCreateConfig = ofProcess(readAutoCreate);
