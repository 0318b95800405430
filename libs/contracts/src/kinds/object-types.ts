import { z } from 'zod';
import { OBJECT_TYPE, type ObjectTypeDefinition } from './object-type-table';

export type ObjectType = keyof typeof OBJECT_TYPE;
export const OBJECT_TYPES = Object.keys(OBJECT_TYPE) as [ObjectType, ...ObjectType[]];
export const ObjectType = z.enum(OBJECT_TYPES);

/** The types of objects that are posted, and not added to another object as comments are. */
export type PostedType = Exclude<ObjectType, 'comment'>;
export const POSTED_TYPES = OBJECT_TYPES.filter((type) => type !== 'comment') as [PostedType, ...PostedType[]];
export const PostedType = z.enum(POSTED_TYPES);

const definitions: Record<ObjectType, ObjectTypeDefinition> = OBJECT_TYPE;
/** The types that are only in trends of their own. */
export const SEPARATE_TRENDS = OBJECT_TYPES.filter((type) => definitions[type].trendsSeparately);

const BY_CODE = new Map<number, ObjectType>(OBJECT_TYPES.map((type) => [OBJECT_TYPE[type].code, type]));

export const objectTypeCode = (type: ObjectType): number => OBJECT_TYPE[type].code;
/** Undefined for an unknown code. */
export const objectTypeOf = (code: number): ObjectType | undefined => BY_CODE.get(code);
