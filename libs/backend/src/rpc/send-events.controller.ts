import { type Answer, SendEvents, type WriteService } from '@activity-feed/contracts';
import type { Relay } from '@activity-feed/eventing';
import { Controller, Inject, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';

export const RELAYS = Symbol('RELAYS');

/** Creates the controller that lets the relays of a service send what it has recorded. */
export function sendEventsOf(service: WriteService): Type<unknown> {
  @Controller()
  class SendEventsController {
    constructor(@Inject(RELAYS) private readonly relays: readonly Relay[]) {}

    @MessagePattern(SendEvents[service].pattern)
    send(): Answer<true> {
      for (const relay of this.relays) relay.hurry();
      return { ok: true, value: true };
    }
  }
  return SendEventsController;
}
