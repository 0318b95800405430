import { EventTime, type FeedKind, OBJECT_TYPES, ReadFeed, type UserId, VERBS } from '@activity-feed/contracts';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Consistency, FRESHNESS_HEADER, TOKEN_HEADER } from '../read-own-writes/consistency';
import { Services } from '../services/services';
import { DescribeFeed } from './describe-feed';
import { readPageRequest } from './page-request';

const Entry = z.object({
  actor_name: z.string(),
  verb: z.enum(VERBS),
  object_id: z.int().nullable(),
  object_type: z.enum(OBJECT_TYPES).nullable(),
  target_name: z.string().nullable().describe("The object's owner, or the user that was followed or unfollowed"),
  time: EventTime,
});

const next_url = z.string().describe('Relative URL of the next page; empty on the last');
const MyFeed = z.object({ my_feed: z.array(Entry), next_url });
const FriendsFeed = z.object({ friends_feed: z.array(Entry), next_url });

@Controller('feed')
export class FeedsController {
  constructor(
    private readonly services: Services,
    private readonly consistency: Consistency,
  ) {}

  @Get('my')
  @DescribeFeed('What I did, newest first', MyFeed, 'my_feed')
  async my(
    @CurrentCaller() { user }: Caller,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof MyFeed>> {
    const { entries, next_url } = await this.read('my', user.id, query, request, reply);
    return { my_feed: entries, next_url };
  }

  @Get('friends')
  @DescribeFeed('What the users whom I follow did, newest first', FriendsFeed, 'friends_feed')
  async friends(
    @CurrentCaller() { user }: Caller,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof FriendsFeed>> {
    const { entries, next_url } = await this.read('friends', user.id, query, request, reply);
    return { friends_feed: entries, next_url };
  }

  private async read(feed: FeedKind, reader: UserId, query: unknown, request: FastifyRequest, reply: FastifyReply) {
    const { limit, cursor, urlOf } = readPageRequest(`/feed/${feed}`, query);
    const { atLeast, complete } = await this.consistency.forRead(reader, request.headers[TOKEN_HEADER]);
    const page = await this.services.ask(ReadFeed, {
      feed,
      reader,
      limit,
      ...(cursor !== undefined && { cursor }),
      atLeast,
    });
    if (page.behind || !complete) reply.header(FRESHNESS_HEADER, 'behind');
    return { entries: page.entries, next_url: page.nextCursor === null ? '' : urlOf(page.nextCursor) };
  }
}
