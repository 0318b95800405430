import { bootWithHealth } from '@activity-feed/hosting/boot';

// Everything else is loaded after the signal handlers are installed.
bootWithHealth('social-graph', async (starting, health) => (await import('./start.js')).start(starting, health));
