interface ObjectTypeDefinition {
  /** Stands for the type in cursors and in the feed's memory: 1 to 7, never changed and never used for another type. */
  readonly code: number;
}

/** Every type of object. */
export const OBJECT_TYPE = {
  post: { code: 1 },
  photo: { code: 2 },
} as const satisfies Record<string, ObjectTypeDefinition>;
