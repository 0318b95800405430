import type { LogPlace } from '@activity-feed/contracts';
import type { RowKind } from '../../activity/activity-kinds';
import type { Position } from '../../activity/positions';

/** An activity, or a notice of its target, with user numbers instead of ids. */
export interface NewRow extends Position, RowKind {
  readonly actor: number;
  readonly objectId: number | null;
  readonly target: number;
  readonly commentId?: number | null | undefined;
  /** If the object is a comment: the objectKey of what it comments on. */
  readonly root?: number | undefined;
  /** Likewise: the owner of that. */
  readonly rootOwner?: number | undefined;
  /** Of its event; undefined for events of earlier versions. */
  readonly place?: LogPlace | undefined;
  /** Of a follow or request: whether it does not hold any more. */
  readonly ended?: boolean | undefined;
  /** Whether the activity was taken back. */
  readonly undone?: boolean | undefined;
}

export const NO_USER = -1;
