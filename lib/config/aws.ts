/** How this process reaches AWS services, by the variables that Lambda sets and the AWS SDKs' variables for endpoints. */
export function awsAccess() {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN, AWS_REGION = 'us-east-1' } = process.env;
  const { AWS_ENDPOINT_URL_LAMBDA, AWS_ENDPOINT_URL } = process.env;
  const lambda = AWS_ENDPOINT_URL_LAMBDA ?? AWS_ENDPOINT_URL ?? `https://lambda.${AWS_REGION}.amazonaws.com`;
  return {
    region: AWS_REGION,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN ?? null,
    lambda: lambda.replace(/\/$/, ''),
  };
}
