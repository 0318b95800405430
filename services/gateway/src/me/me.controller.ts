import { EventTime, FindUser, UserName } from '@activity-feed/contracts';
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { DescribeRoute } from '../openapi/describe-route';
import { Services } from '../services/services';

const MeAnswer = z.object({
  id: z.int(),
  name: UserName,
  auth_token: z.string().describe('The key of the request'),
  follow_ids: z.array(z.int()),
  created_at: EventTime,
  updated_at: EventTime,
});

@Controller('me')
export class MeController {
  constructor(private readonly services: Services) {}

  @Get()
  @DescribeRoute({
    summary: 'The caller and whom they follow',
    security: 'key',
    answer: {
      schema: MeAnswer,
      example: {
        id: 1,
        name: 'ivan',
        auth_token: 'abc123',
        follow_ids: [2],
        created_at: '2019-02-10T12:00:00.000001+00:00',
        updated_at: '2019-02-10T12:01:30.894037+00:00',
      },
    },
  })
  async me(@CurrentCaller() { user, key }: Caller): Promise<z.infer<typeof MeAnswer>> {
    const profile = await this.services.ask(FindUser, { id: user.id });
    return {
      id: profile.id,
      name: profile.name,
      auth_token: key,
      follow_ids: profile.followIds,
      created_at: profile.createdAt,
      updated_at: profile.updatedAt,
    };
  }
}
