/** The part of the AWS SDK that reads secrets. Named exports keep the rest out of the zip. */
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
