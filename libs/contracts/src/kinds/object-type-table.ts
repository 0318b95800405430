interface ObjectTypeDefinition {
  /** 1 to 7. Stored in cursors and in the feed's index: never change it or reuse it for another type. */
  readonly code: number;
}

export const OBJECT_TYPE = {
  post: { code: 1 },
  photo: { code: 2 },
} as const satisfies Record<string, ObjectTypeDefinition>;
