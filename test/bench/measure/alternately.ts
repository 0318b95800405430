/** Measures both in turn, so that other work on the machine affects both equally. */
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
