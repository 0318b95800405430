import { EventTime, type FeedKind, OBJECT_TYPES, VERBS } from '@activity-feed/contracts';
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../authenticate/caller';
import { Consistency, FRESHNESS_HEADER, TOKEN_HEADER } from '../read-own-writes/consistency';
import { FeedLink } from '../services/feed-link';
import { DescribeFeed } from './describe-feed';
import { readPageRequest } from './page-request';
import { sendBytes } from './send-bytes';

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
    private readonly feed: FeedLink,
    private readonly consistency: Consistency,
  ) {}

  @Get('my')
  @DescribeFeed('What I did, newest first', MyFeed, 'my_feed')
  my(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.read('my', request, reply);
  }

  @Get('friends')
  @DescribeFeed('What the users whom I follow did, newest first', FriendsFeed, 'friends_feed')
  friends(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.read('friends', request, reply);
  }

  /** The page goes from the feed to the client as it is: neither parsed nor written anew. */
  private async read(feed: FeedKind, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { user } = callerOf(request);
    const { limit, cursor, nextUrl } = readPageRequest(`/feed/${feed}`, request.query);
    const required = this.consistency.forRead(user.id, request.headers[TOKEN_HEADER]);
    const { atLeast, complete } = required instanceof Promise ? await required : required;
    const { body, behind } = await this.feed.read('page', { feed, reader: user.id, limit, cursor, atLeast, nextUrl });
    if (behind || !complete) reply.header(FRESHNESS_HEADER, 'behind');
    sendBytes(reply, body);
  }
}
