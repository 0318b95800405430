/** Rows as columns: the parameters of a statement that uses `unnest`. */
export const columns = <Row>(rows: readonly Row[], names: readonly (keyof Row)[]): unknown[][] =>
  names.map((name) => rows.map((row) => row[name]));
