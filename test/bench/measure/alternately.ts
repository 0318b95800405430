/** Measures both in turn, so that what a machine does by the way meets both alike. */
export async function alternately<Reference, Ours>(
  rounds: number,
  reference: (round: number) => Promise<Reference>,
  ours: (round: number) => Promise<Ours>,
): Promise<{ reference: Reference[]; ours: Ours[] }> {
  const results = { reference: [] as Reference[], ours: [] as Ours[] };
  for (let round = 0; round < rounds; round++) {
    results.reference.push(await reference(round));
    results.ours.push(await ours(round));
  }
  return results;
}
