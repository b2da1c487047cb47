import { ofProcess, section } from './section.ts';

/** The settings of consumers over HTTP. */
export interface ConsumersConfig {
  /** Where consumers begin that say nothing of it, and have committed nothing. */
  offsetReset: 'earliest' | 'latest' | 'none';
}

export const readConsumers = section(
  (reader): ConsumersConfig => ({
    offsetReset: reader.oneOf('GATEWAY_CONSUMER_AUTO_OFFSET_RESET', ['earliest', 'latest', 'none'], 'latest'),
  }),
);

/**
 * The section of consumers in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const consumersConfig = ofProcess(readConsumers);
