import { Counter } from 'prom-client';

export const projected = new Counter({
  name: 'feed_events_projected_total',
  help: 'Events written to the read models, repeats included',
});

export const skipped = new Counter({
  name: 'feed_events_skipped_total',
  help: 'Events of a type or version that this feed does not know',
});

export const deadLettered = new Counter({
  name: 'feed_dead_letters_total',
  help: 'Unreadable messages sent to the dead-letter topic',
});
