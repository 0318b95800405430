import { z } from 'zod';
import { OBJECT_TYPE } from './object-type-table';

export type ObjectType = keyof typeof OBJECT_TYPE;
export const OBJECT_TYPES = Object.keys(OBJECT_TYPE) as [ObjectType, ...ObjectType[]];
export const ObjectType = z.enum(OBJECT_TYPES);

const BY_CODE = new Map<number, ObjectType>(OBJECT_TYPES.map((type) => [OBJECT_TYPE[type].code, type]));

export const objectTypeCode = (type: ObjectType): number => OBJECT_TYPE[type].code;
/** Undefined for an unknown code. */
export const objectTypeOf = (code: number): ObjectType | undefined => BY_CODE.get(code);
