/** What a function loads of the AWS SDK when it assumes a role. */
export { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
