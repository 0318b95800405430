import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ErrorAnswer } from '../error-answers/error-answer';
import { describeIdempotencyKeys } from '../repeat-requests/describe-keys';
import { jsonSchema } from './describe-route';
import { DESCRIPTION } from './description';
import { OpenApiDocument } from './openapi.controller';

/** Creates the OpenAPI 3.1 document of all routes of `app`. */
function createDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Activity Feed System')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-App-Key' }, 'key')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Admin-Key' }, 'admin-key')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Error: jsonSchema(ErrorAnswer) },
  };
  describeIdempotencyKeys(document);
  return document;
}

/** Creates the document of `app` and serves it at `/docs`. */
export function serveDocument(app: INestApplication): void {
  const document = createDocument(app);
  app.get(OpenApiDocument).value = document;
  SwaggerModule.setup('docs', app, document, { raw: false, customSiteTitle: document.info.title });
}
