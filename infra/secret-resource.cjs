const secretArn = require('./secret-arn.cjs');

const { KAFKA_SECRET_ID = '', KAFKA_SECRET_REGION } = process.env;

/** The secret KAFKA_SECRET_ID, which the functions may read. */
module.exports = secretArn(KAFKA_SECRET_ID, KAFKA_SECRET_REGION);
