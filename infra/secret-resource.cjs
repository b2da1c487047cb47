const { KAFKA_SECRET_ID = '', KAFKA_SECRET_REGION } = process.env;

/**
 * The secret that the functions may read, as the resource of an IAM statement: KAFKA_SECRET_ID is its ARN, or its name, to which
 * Secrets Manager adds a dash and six characters in the ARN.
 */
module.exports = KAFKA_SECRET_ID.startsWith('arn:')
  ? KAFKA_SECRET_ID
  : {
      'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:${KAFKA_SECRET_REGION || `\${AWS::Region}`}:\${AWS::AccountId}:secret:${KAFKA_SECRET_ID}-??????`,
    };
