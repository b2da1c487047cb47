/** A user of the Kafka cluster, in the shape that Amazon MSK keeps in Secrets Manager. */
export interface UserCredentials {
  username: string;
  password: string;
}
