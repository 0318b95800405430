import { Controller, Get, Header, Injectable } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiTags, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { PUBLIC_DOCUMENT } from '../answer-headers/common-headers';
import { DescribeRoute } from './describe-route';

/** Holds the document, which can only be created after all routes are registered. */
@Injectable()
export class OpenApiDocument {
  value: OpenAPIObject | undefined;
}

@ApiTags('System')
@Controller()
export class OpenApiController {
  constructor(private readonly document: OpenApiDocument) {}

  @Get('openapi.json')
  @RouteConfig({ access: 'public' })
  @Header('Cache-Control', PUBLIC_DOCUMENT)
  @DescribeRoute({
    summary: 'The OpenAPI document',
    security: 'none',
    answer: { schema: z.looseObject({ openapi: z.literal('3.1.0') }), example: { openapi: '3.1.0' } },
  })
  describe(): OpenAPIObject | undefined {
    return this.document.value;
  }
}
