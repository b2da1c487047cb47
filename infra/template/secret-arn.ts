/**
 * A secret as the resource of an IAM statement.
 *
 * @param id its ARN, or its name, to which Secrets Manager appends a dash and six characters in the ARN
 * @param region by default that of the stack
 */
export function secretArn(id: string, region = ''): string | { 'Fn::Sub': string } {
  // Functions read both without whitespace around.
  const name = id.trim();
  if (name.startsWith('arn:')) return name;
  return {
    'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:${region.trim() || `\${AWS::Region}`}:\${AWS::AccountId}:secret:${name}-??????`,
  };
}
