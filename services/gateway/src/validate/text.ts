/** Length in Unicode code points: what people count as characters, nearly. */
export const lengthOf = (text: string): number => {
  let length = 0;
  for (const _ of text) length++;
  return length;
};

/** Whether PostgreSQL can hold `text`: it has no place for NUL, nor for half a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
