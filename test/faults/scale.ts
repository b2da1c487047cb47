/** How much of each fault a run goes through. */
export interface Scale {
  /** Requests that every writing process gets through before a fault, and again after it. */
  requests: number;
  /** How long a broker stays frozen. */
  freezeMs: number;
  /** How long most brokers are down. */
  quorumLostMs: number;
  /** Silence after which Kafka gives a broker up (`broker.session.timeout.ms`) and others lead in its place. */
  sessionMs: number;
  /** How long tokens live, in seconds. */
  tokenLifeS: number;
}

/** The faults at their full length, on a cluster that takes the time Kafka takes by default. */
export const full: Scale = { requests: 200, freezeMs: 20_000, quorumLostMs: 12_000, sessionMs: 9000, tokenLifeS: 20 };

/** The same faults, as short as they can be while everything still happens in them that happens in the long ones. */
export const short: Scale = { requests: 15, freezeMs: 6000, quorumLostMs: 4000, sessionMs: 3000, tokenLifeS: 8 };
