import { boot } from '@activity-feed/hosting/boot';

// Everything else is loaded after the signal handlers are installed.
boot('gateway', async (starting) => (await import('./start.js')).start(starting));
