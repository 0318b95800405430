import { Controller, Get, Header } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { register } from 'prom-client';

@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('content-type', register.contentType)
  @RouteConfig({ access: 'public' })
  metrics(): Promise<string> {
    return register.metrics();
  }
}
