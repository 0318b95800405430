import { System } from '../harness/system';
import { testApi } from './shared-system/api';
import { testDelete } from './shared-system/delete';
import { testEdges } from './shared-system/edges';
import { testErrors } from './shared-system/errors';
import { testLikesAndShares } from './shared-system/likes-and-shares';
import { testMentions } from './shared-system/mentions';
import { testObjectsWithoutService } from './shared-system/objects-without-service';
import { testOverload } from './shared-system/overload';
import { testRefusedWrites } from './shared-system/refused-writes';
import { testRepeatedRequests } from './shared-system/repeated-requests';
import { testRequestLog } from './shared-system/request-log';
import { testServiceSecret } from './shared-system/service-secret';
import { testUsers } from './shared-system/users';

/**
 * Subjects that the feed's arrangement does not concern. They share a system, because it takes long to start. The first
 * needs an empty one, the last two stop services.
 */
describe('a system of one process per service', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ gateways: 2, proxied: ['postgres'] });
  });
  afterAll(() => system?.stop());

  describe('the API', () => testApi(() => system));
  describe('requests that the API rejects', () => testErrors(() => system));
  describe('writes that the API rejects', () => testRefusedWrites(() => system));
  describe('deleting and restoring objects', () => testDelete(() => system));
  describe('users', () => testUsers(() => system));
  describe('the lists of an object', () => testLikesAndShares(() => system));
  describe('repeated requests', () => testRepeatedRequests(() => system));
  describe('the gateway’s request log', () => testRequestLog(() => system));
  describe('caches and pages of other origins', () => testEdges(() => system));
  describe('the service secret', () => testServiceSecret(() => system));
  describe('under overload', () => testOverload(() => system));
  describe('mentions', () => testMentions(() => system));
  describe('objects without a service', () => testObjectsWithoutService(() => system));
});
