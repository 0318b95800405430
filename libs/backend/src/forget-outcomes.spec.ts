import type { RelayState } from '@activity-feed/eventing';
import { ForgetOutcomes } from './forget-outcomes';

describe('deleting old idempotency keys', () => {
  const relays = [{ state: 'leading' as RelayState }];
  const query = jest.fn();
  const warn = jest.fn();
  const forgetting = new ForgetOutcomes(relays, { query } as never, { warn } as never);
  beforeEach(() => {
    query.mockReset();
    warn.mockReset();
  });

  it('takes batches until there are no more', async () => {
    query.mockResolvedValueOnce({ rowCount: 1_000 }).mockResolvedValueOnce({ rowCount: 7 });
    await forgetting.forget();
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('is left to the instance whose relay leads', async () => {
    (relays[0] as { state: RelayState }).state = 'standby';
    await forgetting.forget();
    expect(query).not.toHaveBeenCalled();
    (relays[0] as { state: RelayState }).state = 'leading';
  });

  it('is tried again later if the database fails', async () => {
    query.mockRejectedValueOnce(new Error('down'));
    await forgetting.forget();
    expect(warn).toHaveBeenCalledTimes(1);
    query.mockResolvedValueOnce({ rowCount: 0 });
    await forgetting.forget();
    expect(query).toHaveBeenCalledTimes(2);
  });
});
