/** How this process reaches AWS services, by the variables that Lambda sets and the AWS SDKs' variables for endpoints. */
export function awsAccess() {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN, AWS_REGION = 'us-east-1' } = process.env;
  const { AWS_ENDPOINT_URL_LAMBDA, AWS_ENDPOINT_URL } = process.env;
  const lambda = AWS_ENDPOINT_URL_LAMBDA ?? AWS_ENDPOINT_URL ?? endpointOf('lambda', AWS_REGION);
  return {
    region: AWS_REGION,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN ?? null,
    lambda: lambda.replace(/\/$/, ''),
  };
}

/** The address of a service of AWS in a region; those of China have a domain of their own. */
export const endpointOf = (service: string, region: string): string =>
  `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
