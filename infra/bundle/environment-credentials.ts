/** Stands for `@aws-sdk/credential-provider-node` in a bundle: on Lambda, credentials are in the environment and nowhere else. */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
