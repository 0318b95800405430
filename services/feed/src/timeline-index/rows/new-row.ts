import type { ActivityKind } from '../../activity/activity-kinds';
import type { Position } from '../../activity/positions';

/** An activity with user numbers instead of ids. */
export interface NewRow extends Position, ActivityKind {
  readonly actor: number;
  readonly objectId: number | null;
  readonly target: number;
  readonly commentId?: number | null | undefined;
  /** If the object is a comment: the objectKey of what it comments on. */
  readonly root?: number | undefined;
  /** Likewise: the owner of that. */
  readonly rootOwner?: number | undefined;
}

export const NO_USER = -1;
