import type { Dependency } from '@activity-feed/hosting';
import type { Provider } from '@nestjs/common';

/** What one role adds to the service. */
export interface ServicePart {
  providers: Provider[];
  dependencies: Dependency[];
}
