import { Gauge } from 'prom-client';

export const openStreams = new Gauge({
  name: 'open_streams',
  help: 'Streams that clients have open at this gateway',
  labelNames: ['list'],
});
// Shows that there are none.
for (const list of ['friends', 'notifications']) openStreams.set({ list }, 0);
