import 'reflect-metadata';
import { createLogger } from '@activity-feed/hosting';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Configuration } from './configuration';
import { createGateway } from './create-gateway';
import { OpenApiDocument } from './openapi/openapi.controller';

const nowhere = { host: '127.0.0.1', port: 1 };

/** Addresses are never used: only the routes matter. */
const configuration: Configuration = {
  HOST: nowhere.host,
  HTTP_PORT: nowhere.port,
  SOCIAL_GRAPH_ADDRESS: nowhere,
  ACTIVITY_ADDRESS: nowhere,
  FEED_ADDRESS: [nowhere],
  REDIS_URL: 'redis://127.0.0.1:1',
  REDIS_PREFIX: '',
  SERVICE_SECRET_REQUIRED: false,
  ADMIN_KEY: 'whoever has it may register users',
  LOG_LEVEL: 'silent',
  REQUEST_LOG_SAMPLE: 0,
  RATE_LIMITS: 'off',
  RATE_LIMIT_READS: 0,
  RATE_LIMIT_WRITES: 0,
  RATE_LIMIT_AGGREGATES: 0,
  RATE_LIMIT_ADMIN: 0,
  RATE_LIMIT_FAILED_KEYS: 0,
};

/** The OpenAPI document of all routes, created without any server. */
export async function describeApi(): Promise<OpenAPIObject> {
  const gateway = await createGateway(configuration, createLogger('gateway', 'silent'));
  try {
    return gateway.get(OpenApiDocument).value as OpenAPIObject;
  } finally {
    await gateway.close();
  }
}
