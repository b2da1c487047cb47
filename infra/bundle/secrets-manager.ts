/** The part of the AWS SDK that reads secrets; imported by name, so that the rest stays out of the zip. */
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
