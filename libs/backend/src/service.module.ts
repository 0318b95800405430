import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Logger } from '@activity-feed/hosting';
import { MetricsController } from './metrics.controller';
import { PingController } from './rpc/ping.controller';
import { ServiceErrors } from './rpc/service-errors';

/** What each service behind the gateway has: a log, answers instead of exceptions, health, metrics. */
@Global()
@Module({})
export class ServiceModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: ServiceModule,
      controllers: [PingController, MetricsController],
      providers: [
        { provide: Logger, useValue: logger },
        { provide: APP_FILTER, useClass: ServiceErrors },
      ],
      exports: [Logger],
    };
  }
}

