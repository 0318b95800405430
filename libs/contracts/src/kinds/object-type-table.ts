export interface ObjectTypeDefinition {
  /** 1 to 7. Stored in cursors and in the feed's index: never change it or reuse it for another type. */
  readonly code: number;
  /** Whether it is only in trends of its own type, and not in those of all types. */
  readonly trendsSeparately?: true;
}

export const OBJECT_TYPE = {
  post: { code: 1 },
  photo: { code: 2 },
  comment: { code: 3, trendsSeparately: true },
} as const satisfies Record<string, ObjectTypeDefinition>;
