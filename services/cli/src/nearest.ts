import { nearest } from '@scalpstorm/kernel';

export const didYouMean = (word: string, words: readonly string[]): string => {
  const near = nearest(word, words);
  return near === null ? '' : `did you mean '${near}'?`;
};
