import { emfDocument } from './emf-document.ts';
import type { MetricsSettings } from './settings.ts';

/** The deliveries of an invocation. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly deadLettered: number;
  readonly dropped: number;
  readonly waiting: number;
}

/** Delivery metrics as members of a log line, each after a comma, in CloudWatch's embedded metric format. */
export const deliveryMembers = (
  { delivered, failed, deadLettered, dropped, waiting }: DeliveryCounts,
  { stack }: MetricsSettings,
  now: number,
): string =>
  emfDocument(now, { stack }, [
    {
      dimensions: ['stack'],
      values: {
        ...{ Deliveries: delivered, DeliveryFailures: failed, DeadLetters: deadLettered },
        ...{ DeliveriesDropped: dropped, DeliveriesWaiting: waiting },
      },
    },
  ]);
