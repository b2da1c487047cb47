import type { Fault } from '../fault.ts';
import type { Shape } from '../write-records.ts';
import { leaderFrozen, leaderKilled, leaderReplaced, quorumLost, rollingRestart } from './broker-faults.ts';
import { functionFaults } from './function-faults.ts';
import { secretFaults } from './secret-rotated.ts';
import { tokenExpired } from './token-expired.ts';

/** A fault under a load. */
export interface Case {
  fault: Fault;
  shape: Shape;
}

const single: Shape = { partitions: 1, records: 1 };
/** Every request writes to all partitions, so to every broker. */
const many: Shape = { partitions: 6, records: 12 };

const faults = [leaderKilled, leaderFrozen, leaderReplaced, rollingRestart, quorumLost, ...functionFaults, ...secretFaults, tokenExpired];

const under = (shape: Shape): Case[] => faults.map((fault) => ({ fault, shape }));

/** Each fault once, under the load that shows most of it. */
export const eachFault: Case[] = under(many);

/** Each fault under one record a request, too: whatever stalls is the same partition then. */
export const allCases: Case[] = [...under(single), ...eachFault];
