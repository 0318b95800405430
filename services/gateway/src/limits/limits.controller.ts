import { FindLimits, type OwnRateLimits, SetLimits, USER_RATE_CLASSES } from '@activity-feed/contracts';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { KeyChanges } from '../keys/key-changes';
import { RateLimiter } from '../limit-rates/rate-limiter';
import { Services } from '../services/services';
import { parse } from '../validate/parse';
import { toUserName } from '../validate/user-name';
import { DescribeLimits, DescribeNewLimits, type LimitsAnswer, LimitsRequest } from './describe-limits';

/** The rate limits of any user, for operators. */
@Controller('users/:name/limits')
export class LimitsController {
  constructor(
    private readonly services: Services,
    private readonly limiter: RateLimiter,
    private readonly changes: KeyChanges,
  ) {}

  @Get()
  @RouteConfig({ subjectIn: 'path', access: 'admin' })
  @DescribeLimits()
  async find(@Param('name') name: string): Promise<LimitsAnswer> {
    return this.limiter.limitsOf(await this.services.ask(FindLimits, { name: toUserName(name) }));
  }

  @Put()
  @RouteConfig({ subjectIn: 'path', access: 'admin' })
  @DescribeNewLimits()
  async set(@Param('name') name: string, @Body() body: unknown): Promise<LimitsAnswer> {
    const limits = withoutNulls(parse(LimitsRequest, body));
    const { value } = await this.services.command(SetLimits, { name: toUserName(name), limits });
    await this.changes.limited(value.token);
    return this.limiter.limitsOf(limits);
  }
}

function withoutNulls(limits: { [Name in keyof OwnRateLimits]: number | null | undefined }): OwnRateLimits {
  const set = USER_RATE_CLASSES.filter((name) => limits[name] !== null && limits[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, limits[name]]));
}
