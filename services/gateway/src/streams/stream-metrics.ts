import { Gauge } from 'prom-client';

export const openStreams = new Gauge({
  name: 'open_streams',
  help: 'Streams that clients have open at this gateway',
  labelNames: ['list'],
});
