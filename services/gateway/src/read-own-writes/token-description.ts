/** The consistency token in the description of an answer. */
export const TOKEN_DESCRIPTION = {
  'Consistency-Token': 'Stands for this write: a feed read that presents it shows the write',
};
