import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Expand } from '../read-feed/expand';
import { sendBytes } from '../read-feed/send-bytes';
import { ObjectReads } from './object-reads';
import { objectsOfPage, withObjects } from './objects-of-page';

/** Sends pages of the feed, on request with the objects that they name. */
@Injectable()
export class PageAnswers {
  constructor(private readonly objects: ObjectReads) {}

  /** `read` reads the page; see `FeedReads.read` for `begun`. Throws ApiError. */
  async send(
    read: (begun?: number) => Promise<string>,
    expand: Expand,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    sendBytes(reply, expand ? await this.readExpanded(read, request, reply) : await read());
  }

  private async readExpanded(
    read: (begun: number) => Promise<string>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    const begun = performance.now();
    const page = await read(begun);
    const objects = objectsOfPage(page);
    return withObjects(page, objects, await this.objects.each(objects, request, reply, begun));
  }
}
