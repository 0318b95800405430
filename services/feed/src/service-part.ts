import type { Dependency } from '@activity-feed/hosting';
import type { Provider } from '@nestjs/common';

/** What a role adds to the service. */
export interface ServicePart {
  providers: Provider[];
  dependencies: Dependency[];
}
