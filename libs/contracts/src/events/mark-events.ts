import { z } from 'zod';
import { User } from '../identifiers';
import { Marks } from '../marks';

/** Events of the source `activity-marks`. */
export const markEvents = {
  'activity.marks-moved.v1': z
    .object({ actor: User, ...Marks.shape })
    .describe(
      'What the actor has seen and read of the notifications: the whole state, which replaces that of all earlier events. ' +
        'Positions in the log are opaque',
    ),
} as const;
