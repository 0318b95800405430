/**
 * Whether `activities` has exactly what is visible: the activities of all deleted and restored objects have been moved.
 * Otherwise the view visible_activities has it. Relies on the index object_states_to_move.
 */
export const ALL_MOVED = 'NOT EXISTS (SELECT FROM object_states WHERE NOT moved)';

/** Whether an object is deleted, whether its activities have been moved or not. Columns must be qualified. */
export const isDeleted = (type: string, id: string): string =>
  `EXISTS (SELECT FROM object_states AS state WHERE state.deleted AND state.object_type = ${type} AND state.object_id = ${id})`;
