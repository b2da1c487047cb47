/**
 * A secret as the resource of an IAM statement.
 *
 * @param {string} id its ARN, or its name, to which Secrets Manager adds a dash and six characters in the ARN
 * @param {string} [region] that of the stack unless set
 */
module.exports = (id, region) =>
  id.startsWith('arn:')
    ? id
    : { 'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:${region || `\${AWS::Region}`}:\${AWS::AccountId}:secret:${id}-??????` };
