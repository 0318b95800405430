import { type Answer, type HealthStatus, PING_LIMIT, Ping } from '@activity-feed/contracts';
import { checkHealth, DEPENDENCIES, type Dependency } from '@activity-feed/hosting';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';

@Controller()
export class PingController {
  constructor(@Inject(DEPENDENCIES) private readonly dependencies: Dependency[]) {}

  @MessagePattern(Ping.pattern)
  async ping(): Promise<Answer<HealthStatus>> {
    return { ok: true, value: (await checkHealth(this.dependencies, PING_LIMIT)).status };
  }
}
