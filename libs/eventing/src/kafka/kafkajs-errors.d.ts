/** What the project uses of kafkajs's list of the protocol's errors, which has no types. */
declare module 'kafkajs/src/protocol/error' {
  const errorCodes: readonly { readonly type: string; readonly message: string }[];

  export { errorCodes };
}
