/** What the project uses of kafkajs's queue of one connection's requests, which has no types. */
declare module 'kafkajs/src/network/requestQueue' {
  class RequestQueue {
    /** Requests that are not sent yet: the broker throttles this client, or too many wait for their answers. */
    readonly pending: readonly unknown[];
    /** Sets a timer that sends them, however empty the queue is. */
    scheduleCheckPendingRequests(): void;
  }
  export = RequestQueue;
}
