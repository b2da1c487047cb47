/**
 * A secret as the resource of an IAM statement.
 *
 * @param id its ARN, or its name, to which Secrets Manager appends a dash and six characters in the ARN
 * @param region by default that of the stack
 */
export const secretArn = (id: string, region?: string): string | { 'Fn::Sub': string } =>
  id.startsWith('arn:')
    ? id
    : { 'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:${region || `\${AWS::Region}`}:\${AWS::AccountId}:secret:${id}-??????` };
