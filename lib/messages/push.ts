import { quote } from '../quote.ts';
import { message } from './message.ts';

/** Messages on subscriptions. */

export const subscriptionNameInvalid = /* @__PURE__ */ message(
  'InvalidArgument',
  (name: string) => `${quote(name)} is not the name of a subscription`,
  'use 1 to 100 letters, digits, dots, underscores and hyphens of ASCII',
);
export const subscriptionNameReserved = /* @__PURE__ */ message(
  'InvalidArgument',
  (name: string) => `${quote(name)} is how the gateway names the replays of another subscription`,
  'use a name that does not end in .replay',
);
export const topicOfRetries = /* @__PURE__ */ message(
  'InvalidRecord',
  (topic: string) => `${topic} has the records of a subscription that wait for another attempt`,
  'use another topic',
);
export const subscriptionNotFound = /* @__PURE__ */ message(
  'SubscriptionNotFound',
  (name: string) => `There is no subscription ${name}, or you have no grant for its topics`,
  'create it with PUT, or check its name',
);
export const subscriptionOfOthers = /* @__PURE__ */ message(
  'Forbidden',
  (name: string) => `There is a subscription ${name} to topics that you have no grant for`,
  'use another name',
);
export const subscriptionsOff = /* @__PURE__ */ message('BadRequest', 'This gateway has no subscriptions', 'have GATEWAY_PUSH set');
export const subscriptionsNeedOwnCredentials = /* @__PURE__ */ message(
  'BadRequest',
  'With GATEWAY_AUTH=passthrough there are no subscriptions, as records are delivered without their callers',
  'use a gateway that has credentials of its own',
);
export const subscriptionChanged = /* @__PURE__ */ message(
  'Conflict',
  (name: string) => `The subscription ${name} was changed at the same time, or is not of the version in If-Match. Nothing was changed`,
  'get it, and try again',
);
export const deliveryUnderWay = /* @__PURE__ */ message(
  'Conflict',
  (name: string) => `The subscription ${name} is paused but not deleted, as a delivery of it is under way`,
  'delete it again in a few seconds',
);
export const tooManySubscriptions = /* @__PURE__ */ message(
  'Conflict',
  (most: number) => `There are ${most} subscriptions, and no room for more`,
  'delete one',
);
export const targetRefused = /* @__PURE__ */ message(
  'InvalidRecord',
  (why: string) => `The url cannot be delivered to: ${why}`,
  'use another one, or have it allowed by GATEWAY_PUSH_TARGETS',
);
export const secretNameInvalid = /* @__PURE__ */ message(
  'InvalidRecord',
  (place: string, prefix: string) => `${place} must be the name of a secret that begins with ${prefix}`,
);
export const topicsOrPattern = /* @__PURE__ */ message('InvalidRecord', 'A subscription must have either topics or topics_pattern');
export const deadLettersOfItself = /* @__PURE__ */ message(
  'InvalidRecord',
  'dead_letter_topic is among the topics',
  'use another topic, or dead letters are delivered again and again',
);
export const rawIsSingle = /* @__PURE__ */ message(
  'InvalidRecord',
  'With the format raw a delivery is one record',
  'leave out batch, or use json or cloudevents',
);
export const stateAlone = /* @__PURE__ */ message(
  'InvalidRecord',
  'The body has nothing but state, and there is no such subscription',
  'describe it in full',
);
export const notVerified = /* @__PURE__ */ message(
  'EndpointFailed',
  (why: string) => `The endpoint did not answer the ping with a status of 2xx: ${why}`,
  'mend it, and verify again',
);
export const notVerifiedYet = /* @__PURE__ */ message(
  'IllegalState',
  'The url has not answered a ping yet',
  'call verify on the subscription first',
);
export const replayUnderWay = /* @__PURE__ */ message('IllegalState', 'A replay is under way', 'wait for its end');
export const replayBackwards = /* @__PURE__ */ message('InvalidRecord', 'to must be after from');
export const replayTooWide = /* @__PURE__ */ message(
  'TooLarge',
  (partitions: number) => `The time span has records in ${partitions} partitions, which are more than a replay has room for`,
  'replay a shorter one',
);
export const subscriptionsUnavailable = /* @__PURE__ */ message(
  'StorageUnavailable',
  'The gateway cannot look up subscriptions now',
  'try again',
);
export const pushOfFilteredTopic = /* @__PURE__ */ message(
  'Forbidden',
  (topic: string) => `Records of ${topic} are for some callers only (GATEWAY_ROW_FILTERS), and a subscription has no caller`,
  'read pages, a stream or a consumer group',
);
