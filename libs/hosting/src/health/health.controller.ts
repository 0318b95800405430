import { Controller, Get, Inject, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { checkHealth, type Dependency, type Health } from './health-check';

export const DEPENDENCIES = Symbol('dependencies');

@Controller('health')
export class HealthController {
  constructor(@Inject(DEPENDENCIES) private readonly dependencies: Dependency[]) {}

  @Get('live')
  @RouteConfig({ access: 'public' })
  live(): { status: 'alive' } {
    return { status: 'alive' };
  }

  @Get('ready')
  @RouteConfig({ access: 'public' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const health = await checkHealth(this.dependencies);
    reply.status(health.status === 'unavailable' ? 503 : 200);
    return health;
  }
}
