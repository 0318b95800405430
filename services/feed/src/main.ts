import { bootWithHealth } from '@activity-feed/hosting/boot';

// Imported dynamically, so that the process handles signals before it loads everything else.
bootWithHealth('feed', async (starting, health) => (await import('./start.js')).start(starting, health));
