/** Replaces `@aws-sdk/credential-provider-node` in bundles: on Lambda, credentials are only in the environment. */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
