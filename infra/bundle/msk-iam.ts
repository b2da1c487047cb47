/** What a function loads to sign in to Amazon MSK with IAM. */
export { generateAuthTokenFromCredentialsProvider } from 'aws-msk-iam-sasl-signer-js';
