import { Counter, Gauge } from 'prom-client';

export const waitingReads = new Gauge({
  name: 'feed_waiting_reads',
  help: 'Reads that wait for a required version',
});

/** `time`: timed out; `standstill`, `limit`: not waited for, as no events arrive or too many reads wait. */
export const notAwaited = new Counter({
  name: 'feed_reads_behind_total',
  help: 'Reads answered without a required version, by reason',
  labelNames: ['reason'],
});
// Shows that there were none.
for (const reason of ['time', 'standstill', 'limit']) notAwaited.inc({ reason }, 0);
