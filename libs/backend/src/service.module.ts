import {
  DEPENDENCIES,
  type Dependency,
  HealthController,
  LastTraces,
  Logger,
  MetricsController,
  measureHealth,
} from '@activity-feed/hosting';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { collectDefaultMetrics } from 'prom-client';
import { Deadlines } from './rpc/deadlines';
import { Drain } from './rpc/drain';
import { PingController } from './rpc/ping.controller';
import { ServiceErrors } from './rpc/service-errors';
import { TraceRequests } from './traces/trace-requests';

class ServiceModule {}

/**
 * What every service behind the gateway provides: log, health checks, process metrics, deadlines, graceful shutdown,
 * and answers instead of exceptions.
 */
export function serviceModule(dependencies: Dependency[], logger: Logger): DynamicModule {
  collectDefaultMetrics();
  measureHealth(dependencies);
  return {
    module: ServiceModule,
    global: true,
    controllers: [HealthController, PingController, MetricsController],
    providers: [
      { provide: Logger, useValue: logger },
      { provide: DEPENDENCIES, useValue: dependencies },
      { provide: APP_FILTER, useClass: ServiceErrors },
      { provide: APP_INTERCEPTOR, useClass: Drain },
      { provide: APP_INTERCEPTOR, useClass: TraceRequests },
      { provide: APP_INTERCEPTOR, useClass: Deadlines },
      { provide: LastTraces, useValue: new LastTraces(logger) },
    ],
    exports: [Logger],
  };
}
