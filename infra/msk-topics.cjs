const { KAFKA_MSK_CLUSTER_ARN = '' } = process.env;

/** All topics of the cluster KAFKA_MSK_CLUSTER_ARN, as the resource of an IAM statement. */
module.exports = `${KAFKA_MSK_CLUSTER_ARN.replace(':cluster/', ':topic/')}/*`;
