import { ANSWER_LIMIT, COMMAND_LIMIT, COMMIT_GRACE, DATABASE_ANSWER_TIME, READ_WAIT_LIMIT } from './time-limits';

describe('time limits', () => {
  it('leave a command time to be committed or refused before its answer is due', () => {
    expect(COMMIT_GRACE).toBeGreaterThanOrEqual(200);
    expect(COMMAND_LIMIT + COMMIT_GRACE + DATABASE_ANSWER_TIME).toBeLessThanOrEqual(ANSWER_LIMIT);
  });

  it('leave a read time to be answered after it has waited', () => {
    expect(READ_WAIT_LIMIT + 500).toBeLessThanOrEqual(ANSWER_LIMIT);
  });
});
