import { post } from '../../load/traffic/api.ts';
import { Gateway } from '../../load/traffic/gateway.ts';
import { ask } from '../../load/world/ask.ts';
import type { User } from '../../load/world/world.ts';
import type { Figure } from '../benchmark.ts';
import type { BenchContext, BenchWorld } from '../context.ts';
import { alternately } from '../measure/alternately.ts';
import type { Question } from './questions.ts';
import type { Reader } from './readers.ts';
import { timesOf } from './times-of.ts';

/** Owners of objects whom a reader mutes. */
export const HIDDEN_OWNERS = 100;

export const hiddenName = (name: string): string => `${name}, ${HIDDEN_OWNERS} hidden owners`;

/** What a read of `readers` costs while they mute users whom they may follow or not, in turn with the same read before. */
export async function hiddenOwners(
  { sizes: { rounds, seconds } }: BenchContext,
  { system, users }: BenchWorld,
  readers: readonly Reader[],
  questions: readonly Question[],
): Promise<Figure[]> {
  const gateway = new Gateway(system.url, 16);
  const step = Math.max(1, Math.floor(users.length / HIDDEN_OWNERS));
  const owners = users.filter((_, place) => place % step === step - 1).slice(0, HIDDEN_OWNERS);
  // One owner after the other: a busy machine would refuse hundreds of writes at once.
  const each = async (send: (reader: User, owner: User) => Promise<unknown>) => {
    for (const owner of owners) await Promise.all(readers.map((reader) => send(reader, owner)));
  };
  const mute = (reader: User, { name }: User) => ask(gateway, post(reader, '/mute', { mute: name }));
  const unmute = (reader: User, { name }: User) => ask(gateway, post(reader, '/unmute', { unmute: name }));
  try {
    const figures: Figure[] = [];
    for (const { name, growth, askings } of questions) {
      const measure = async () => {
        const ask = (number: number) => askings[number % askings.length]?.send() as Promise<string>;
        await timesOf(ask, 0, seconds / 8);
        return timesOf(ask, 0, seconds / 4);
      };
      const { reference, ours } = await alternately(rounds, measure, async () => {
        await each(mute);
        const times = await measure();
        await each(unmute);
        return times;
      });
      figures.push({ name: hiddenName(name), growth, unit: 'ms', ours, reference });
    }
    return figures;
  } finally {
    await gateway.close();
  }
}
