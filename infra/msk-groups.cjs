const { KAFKA_MSK_CLUSTER_ARN } = process.env;

/** All consumer groups of the cluster KAFKA_MSK_CLUSTER_ARN, as the resource of an IAM statement; without one, what the statement's condition drops. */
module.exports = KAFKA_MSK_CLUSTER_ARN ? `${KAFKA_MSK_CLUSTER_ARN.replace(':cluster/', ':group/')}/*` : { Ref: 'KafkaMskClusterArn' };
