import { type Answer, Ping } from '@activity-feed/contracts';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';

@Controller()
export class PingController {
  @MessagePattern(Ping.pattern)
  ping(): Answer<'pong'> {
    return { ok: true, value: 'pong' };
  }
}
