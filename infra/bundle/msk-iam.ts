/** The signer for Amazon MSK with IAM. */
export { generateAuthTokenFromCredentialsProvider } from 'aws-msk-iam-sasl-signer-js';
