import { type EventTime, fromMicroseconds, fromMilliseconds } from '@activity-feed/contracts';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../authenticate/caller';
import { TICKET_SECONDS, Tickets } from '../authenticate/tickets';
import { parse } from '../validate/parse';
import { DescribeTickets, TicketRequest } from './describe-tickets';

interface TicketAnswer {
  ticket: string;
  expires_at: EventTime;
}

@Controller('tickets')
export class TicketsController {
  constructor(private readonly tickets: Tickets) {}

  @Post()
  @HttpCode(201)
  @DescribeTickets()
  async issue(@CurrentCaller() { key }: Caller, @Body() body: unknown): Promise<TicketAnswer> {
    parse(TicketRequest, body);
    const expires = Date.now() + TICKET_SECONDS * 1_000;
    return { ticket: await this.tickets.issue(key), expires_at: fromMicroseconds(fromMilliseconds(expires)) };
  }
}
