/** The part of the AWS SDK that assumes a role. */
export { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
