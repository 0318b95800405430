import type { User } from '../world/world.ts';
import type { GatewayRequest } from './gateway.ts';

const JSON_TYPE = 'application/json';

export const get = (user: User, path: string): GatewayRequest => ({
  method: 'GET',
  path,
  headers: { 'x-app-key': user.key },
});

export const post = (user: User, path: string, body: object): GatewayRequest => ({
  method: 'POST',
  path,
  headers: { 'x-app-key': user.key, 'content-type': JSON_TYPE },
  body: JSON.stringify(body),
});

export const remove = (user: User, path: string): GatewayRequest => ({
  method: 'DELETE',
  path,
  headers: { 'x-app-key': user.key },
});

/** Lets a user send as much as they like. */
export const liftLimits = (adminKey: string, name: string): GatewayRequest => ({
  method: 'PUT',
  path: `/users/${name}/limits`,
  headers: { 'x-admin-key': adminKey, 'content-type': JSON_TYPE },
  body: JSON.stringify({ reads: 0, writes: 0, aggregates: 0 }),
});

export const register = (adminKey: string, name: string): GatewayRequest => ({
  method: 'POST',
  path: '/users',
  headers: { 'x-admin-key': adminKey, 'content-type': JSON_TYPE },
  body: JSON.stringify({ name }),
});
