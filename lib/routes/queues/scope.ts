import { ownerKey } from '../../access/caller.ts';
import { queuesConfig } from '../../config/queues.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Cluster } from '../../kafka/cluster/cluster.ts';
import { idOf } from '../../kafka/topics/describe-cluster.ts';
import type { ReceiptScope } from '../../queues/receipt.ts';

/** Where the receipts of a request are valid. */
export async function scopeOf(request: GatewayRequest, cluster: Cluster, group: string): Promise<ReceiptScope> {
  const { principal, mode, deadline } = request;
  return {
    keys: queuesConfig().receiptKeys,
    cluster: await idOf(cluster, deadline),
    group,
    owner: ownerKey({ principal, mode }),
  };
}
