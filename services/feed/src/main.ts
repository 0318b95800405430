import { bootWithHealth } from '@activity-feed/hosting/boot';

// All else is loaded where a signal is already heard.
bootWithHealth('feed', async (starting, health) => (await import('./start.js')).start(starting, health));
