import { bootWithHealth } from '@activity-feed/hosting/boot';

// Everything else is loaded after the signal handlers are installed.
bootWithHealth('activity', async (starting, health) => (await import('./start.js')).start(starting, health));
