import { POSTED_TYPES, PostObject, type PostObjectCommand } from '@activity-feed/contracts';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { Commands } from '../commands/commands';
import { DescribeRoute } from '../openapi/describe-route';
import { TOKEN_DESCRIPTION } from '../read-own-writes/token-description';
import { MENTIONS_DESCRIPTION } from '../resolve-mentions/describe-mentions';
import { Mentions } from '../resolve-mentions/mentions';
import { Content } from '../validate/content';
import { code, parse } from '../validate/parse';
import { KnownOwners } from '../visibility/known-owners';

const PostRequest = z.object(
  {
    type: z.enum(POSTED_TYPES, code('TYPE_INVALID')),
    content: Content,
  },
  code('BAD_REQUEST'),
);

const PostAnswer = z.object({ type: z.enum(POSTED_TYPES), object_id: z.int(), message: z.string() });

@Controller('post')
export class PostsController {
  constructor(
    private readonly commands: Commands,
    private readonly mentions: Mentions,
    private readonly owners: KnownOwners,
  ) {}

  @Post()
  @HttpCode(200)
  @DescribeRoute({
    summary: 'Post a text or a photo',
    description: MENTIONS_DESCRIPTION,
    security: 'key',
    body: { schema: PostRequest, examples: { photo: { type: 'photo', content: 'Sunrise over the bay' } } },
    answer: {
      schema: PostAnswer,
      example: { type: 'photo', object_id: 21, message: 'Activity recorded' },
      headers: TOKEN_DESCRIPTION,
    },
    errors: ['TYPE_INVALID', 'CONTENT_MISSING', 'CONTENT_TOO_LONG', 'CONTENT_INVALID'],
  })
  async post(
    @CurrentCaller() { user }: Caller,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof PostAnswer>> {
    const { type, content } = parse(PostRequest, body);
    const prepare = async (): Promise<PostObjectCommand> => {
      return { actor: user, type, content, mentions: await this.mentions.resolve(content, user) };
    };
    const { objectId } = await this.commands.send(PostObject, prepare, reply);
    this.owners.note({ type, id: objectId }, user.id);
    return { type, object_id: objectId, message: 'Activity recorded' };
  }
}
