import { quote } from '../quote.ts';
import { message } from './message.ts';

/** Messages on who is calling, and what they may do. */

const OPERATOR = 'ask the operator of the gateway';

export const credentialsMissing = message('Unauthorized', 'Credentials are missing', 'say who you are');
export const credentialsExpired = message('Unauthorized', 'Your credentials have expired', 'renew them');
export const topicNotGranted = message(
  'Forbidden',
  (operation: string, topic: string) => `You have no grant to ${operation} on the topic ${quote(topic)}`,
  OPERATOR,
);
export const groupNotGranted = message(
  'Forbidden',
  (operation: string, group: string) => `You have no grant to ${operation} on the consumer group ${quote(group)}`,
  OPERATOR,
);

export const kafkaCredentialsMissing = message(
  'Unauthorized',
  'Credentials for Kafka are missing',
  (schemes: string) => `send them in the header Authorization, as ${schemes}`,
);
export const kafkaCredentialsMalformed = message(
  'Unauthorized',
  (scheme: string) => `The ${scheme} credentials in the header Authorization are malformed`,
  'check how they are encoded',
);
export const kafkaCredentialsRefused = message('Unauthorized', 'Kafka refuses these credentials', 'check them');
export const tokenExpired = message('Unauthorized', 'The token has expired', 'get another one');
