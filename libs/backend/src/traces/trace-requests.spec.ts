import type { Answer } from '@activity-feed/contracts';
import { idsNow, type Logger } from '@activity-feed/hosting';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { defer, lastValueFrom, type Observable, of, throwError } from 'rxjs';
import { traceCommand } from './trace-commands';
import { TraceRequests } from './trace-requests';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-00`;
const OK: Answer<unknown> = { ok: true, value: 1 };

describe('the trace of a command or query', () => {
  const warn = jest.fn();
  const traces = new TraceRequests({ warn } as unknown as Logger);
  afterEach(() => warn.mockClear());
  afterEach(() => jest.restoreAllMocks());

  const answerTo = (data: unknown, handle: () => Observable<Answer<unknown>>) => {
    const rpc = { getData: () => data, getContext: () => ({ getPattern: () => 'activity.do' }) };
    const context = { getType: () => 'rpc', switchToRpc: () => rpc } as unknown as ExecutionContext;
    // As Nest does: the handler runs in the scope in which `handle` was called.
    const { AsyncResource } = process.getBuiltinModule('node:async_hooks');
    const next = { handle: () => defer(AsyncResource.bind(handle)) } as CallHandler<Answer<unknown>>;
    return lastValueFrom(traces.intercept(context, next));
  };

  /** Lets the clock be `ms` later when the command ends. */
  const taking = (ms: number) => {
    const now = performance.now();
    jest
      .spyOn(performance, 'now')
      .mockReturnValueOnce(now)
      .mockReturnValue(now + ms);
  };

  it('is named by log lines of the handler', async () => {
    const ids = jest.fn(() => of(OK));
    let seen: object | undefined;
    await answerTo({ traceparent: TRACEPARENT }, () => {
      seen = idsNow();
      return ids();
    });
    expect(seen).toEqual({ trace_id: TRACE });
    expect(idsNow()).toEqual({});
  });

  it('is optional, since older gateways send none with queries', async () => {
    let seen: object | undefined;
    expect(
      await answerTo(undefined, () => {
        seen = idsNow();
        return of(OK);
      }),
    ).toBe(OK);
    expect(seen).toEqual({});
  });

  it('says of a slow command what its time was spent on', async () => {
    taking(1_500);
    await answerTo({ traceparent: TRACEPARENT }, () => {
      const end = traceCommand('activity.do', { stream: 1 as never });
      end?.('recorded', { arrivedAt: 100, readyAt: 110, beganAt: 400, endedAt: 1_600, together: 3 });
      return of(OK);
    });
    const took = { precondition: 10, queue: 290, transaction: 1_200 };
    expect(warn.mock.calls).toEqual([
      [{ trace_id: TRACE, request: 'activity.do', ms: 1_500, took }, 'a command or query was slow'],
    ]);
  });

  it('names the error of a slow command', async () => {
    taking(1_500);
    await answerTo({}, () => of({ ok: false, code: 'SERVICE_UNAVAILABLE' }));
    expect(warn.mock.calls[0]?.[0]).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    taking(1_500);
    await expect(answerTo({}, () => throwError(() => new Error('broken')))).rejects.toThrow('broken');
    expect(warn.mock.calls[1]?.[0]).toMatchObject({ code: 'INTERNAL' });
  });

  it('logs nothing of others', async () => {
    taking(999);
    await answerTo({ traceparent: TRACEPARENT }, () => of(OK));
    expect(warn).not.toHaveBeenCalled();
  });
});
