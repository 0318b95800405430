/** An entry of a feed, as the documentation shows it. */
export const ENTRY_EXAMPLE = {
  actor_name: 'nico',
  verb: 'like',
  object_id: 21,
  object_type: 'photo',
  target_name: 'eric',
  time: '2019-02-10T12:01:30.894037+00:00',
};
