/** What a function loads of the AWS SDK when it reads a secret; by name, so that the rest stays out of the zip. */
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
