const secretArn = require('./secret-arn.cjs');

/** The secret GATEWAY_USERS_SECRET_ID, which the authorizer may read. */
module.exports = secretArn(process.env.GATEWAY_USERS_SECRET_ID || '');
