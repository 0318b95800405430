import { boot } from '@activity-feed/hosting/boot';

// All else is loaded where a signal is already heard.
boot('gateway', async (starting) => (await import('./start.js')).start(starting));
