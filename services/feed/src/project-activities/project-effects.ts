import type { Milliseconds } from '@activity-feed/contracts';
import type { ClientBase } from 'pg';
import type { Effects } from '../activity/effects';
import { dropRepeats } from './drop-repeats';
import type { KnownUsers } from './known-users';
import { noteLateActivities } from './late-activities';
import { takeBack } from './take-back';
import { writeAccounts } from './write-accounts';
import { writeEffects } from './write-effects';
import { writeHidings } from './write-hidings';
import { writeMarks } from './write-marks';
import { writeNotices } from './write-notices';

/** Changes the read models by the effects of a batch of events, repeats left out, in the transaction `tx`. */
export async function projectEffects(
  tx: ClientBase,
  batch: readonly Effects[],
  knownUsers: KnownUsers,
  now: () => Milliseconds,
): Promise<void> {
  const effects = await dropRepeats(tx, batch);
  const added = await writeEffects(tx, effects, knownUsers);
  await writeHidings(tx, effects);
  await writeAccounts(tx, effects);
  await writeNotices(tx, effects);
  await writeMarks(tx, effects);
  const removed = await takeBack(
    tx,
    effects.flatMap(({ takenBack }) => takenBack ?? []),
  );
  await noteLateActivities(tx, [...added, ...removed], now());
}
