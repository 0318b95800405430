import { Counter, Gauge } from 'prom-client';

export const waitingReads = new Gauge({
  name: 'feed_waiting_reads',
  help: 'Reads that wait for a version which they must show',
});

/** `time`: waited for in vain; `standstill`, `limit`: not waited for, as nothing arrives or too many wait already. */
export const notAwaited = new Counter({
  name: 'feed_reads_behind_total',
  help: 'Reads that were answered without a version which they must show, by the reason',
  labelNames: ['reason'],
});
