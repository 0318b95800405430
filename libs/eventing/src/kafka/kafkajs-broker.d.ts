/** What the project uses of kafkajs's connection of one consumer to one broker, which has no types. */
declare module 'kafkajs/src/broker' {
  namespace Broker {
    interface FetchRequest {
      /** Milliseconds after which the broker answers in any case. */
      readonly maxWaitTime: number;
      /** Bytes that the broker collects before it answers, unless the time is over. */
      readonly minBytes: number;
    }
    interface FetchAnswer {
      readonly responses: readonly { readonly partitions: readonly { readonly messages: readonly unknown[] }[] }[];
    }
  }
  class Broker {
    fetch(request: Broker.FetchRequest): Promise<Broker.FetchAnswer>;
  }
  export = Broker;
}
