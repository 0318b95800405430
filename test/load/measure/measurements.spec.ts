import { Measurements } from './measurements.ts';

describe('Measurements', () => {
  const measurements = new Measurements();
  measurements.add('POST /post', 100, 40);
  measurements.add('GET /me', 500, 5);
  measurements.add('GET /me', 2400, 3000, '503 SERVICE_UNAVAILABLE');
  measurements.add('GET /me', 2500, 10_000, 'UND_ERR_HEADERS_TIMEOUT');

  it('summarize each route with its kinds of errors, reads first', () => {
    expect(measurements.byRoute()).toMatchObject([
      { route: 'GET /me', count: 3, p50: 3000, errors: { '503 SERVICE_UNAVAILABLE': 1, UND_ERR_HEADERS_TIMEOUT: 1 } },
      { route: 'POST /post', count: 1, p50: 40, errors: {} },
    ]);
  });

  it('include the latencies of failed requests', () => {
    expect(measurements.summary()).toMatchObject({ count: 4, p50: 40, max: 10_000 });
    expect(measurements.errors).toBe(2);
  });

  it('group requests by the second in which they were due, including empty seconds', () => {
    expect(measurements.bySecond()).toEqual([
      { second: 0, count: 2, errors: 0, p50: 5, p99: 40, max: 40 },
      { second: 1, count: 0, errors: 0, p50: 0, p99: 0, max: 0 },
      { second: 2, count: 2, errors: 2, p50: 3000, p99: 10_000, max: 10_000 },
    ]);
  });

  it('have one curve for reads and one for writes', () => {
    expect(measurements.curves()).toEqual({
      reads: expect.arrayContaining([{ percentile: 0, ms: 5 }]),
      writes: [{ percentile: 0, ms: 40 }],
    });
  });
});
