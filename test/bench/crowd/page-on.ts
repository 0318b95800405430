import { get } from '../../load/traffic/api.ts';
import type { Gateway } from '../../load/traffic/gateway.ts';
import type { User } from '../../load/world/world.ts';

const FIRST_PAGE = '/feed/friends';

/** Reads `reader`'s friends feed page by page until stopped. `times` has the latencies of pages after the first. */
export function pageOn(gateway: Gateway, reader: User): { stop(): void; times: Promise<number[]> } {
  let isStopped = false;
  const read = async () => {
    const times: number[] = [];
    // At least one page, however short the time is.
    for (let path = FIRST_PAGE; !isStopped || times.length === 0; ) {
      const startedAt = performance.now();
      const { status, body } = await gateway.send(get(reader, path));
      if (status !== 200) throw new Error(`a page of the reader with very many followees answered ${status}: ${body}`);
      if (path !== FIRST_PAGE) times.push(performance.now() - startedAt);
      path = JSON.parse(body).next_url || FIRST_PAGE;
    }
    return times;
  };
  const times = read();
  // The caller awaits `times` after stop().
  times.catch(() => undefined);
  return {
    stop: () => {
      isStopped = true;
    },
    times,
  };
}
