import type { Dependency } from '@activity-feed/hosting';
import type { Provider } from '@nestjs/common';

export interface ServicePart {
  providers: Provider[];
  dependencies: Dependency[];
}
