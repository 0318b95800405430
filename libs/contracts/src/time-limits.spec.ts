import { ANSWER_LIMIT, COMMAND_LIMIT, COMMIT_GRACE, DATABASE_ANSWER_TIME, READ_WAIT } from './time-limits';

describe('what is done within the limit of an answer', () => {
  it('leaves a command time to be committed or refused', () => {
    expect(COMMIT_GRACE).toBeGreaterThanOrEqual(200);
    expect(COMMAND_LIMIT + COMMIT_GRACE + DATABASE_ANSWER_TIME).toBeLessThanOrEqual(ANSWER_LIMIT);
  });

  it('leaves a read that has waited time to be answered', () => {
    expect(READ_WAIT + 500).toBeLessThanOrEqual(ANSWER_LIMIT);
  });
});
