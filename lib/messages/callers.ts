import { quote } from '../quote.ts';
import { message } from './message.ts';

/** Messages on who is calling, and what they may do. */

const OPERATOR = 'ask the operator of the gateway';

export const credentialsMissing = /* @__PURE__ */ message('Unauthorized', 'Credentials are missing or wrong', 'say who you are');
export const credentialsExpired = /* @__PURE__ */ message('Unauthorized', 'Your credentials have expired', 'renew them');
export const issuerUnavailable = /* @__PURE__ */ message(
  'CredentialsUnavailable',
  "The gateway cannot read the keys of the token's issuer at the moment",
  'try again',
);
export const tooManySignIns = /* @__PURE__ */ message('LimitExceeded', 'Too many callers show a password at the same time', 'try again');
export const topicNotGranted = /* @__PURE__ */ message(
  'Forbidden',
  (operation: string, topic: string) => `You have no grant to ${operation} on the topic ${quote(topic)}`,
  OPERATOR,
);
export const groupNotGranted = /* @__PURE__ */ message(
  'Forbidden',
  (operation: string, group: string) => `You have no grant to ${operation} on the consumer group ${quote(group)}`,
  OPERATOR,
);

export const kafkaCredentialsMissing = /* @__PURE__ */ message(
  'Unauthorized',
  'Credentials for Kafka are missing',
  (schemes: string) => `send them in the header Authorization, as ${schemes}`,
);
export const kafkaCredentialsMalformed = /* @__PURE__ */ message(
  'Unauthorized',
  (scheme: string) => `The ${scheme} credentials in the header Authorization are malformed`,
  'check how they are encoded',
);
export const kafkaCredentialsRefused = /* @__PURE__ */ message('Unauthorized', 'Kafka refuses these credentials', 'check them');
export const tokenExpired = /* @__PURE__ */ message('Unauthorized', 'The token has expired', 'get another one');
