/** Of an option that may be repeated: every value in turn. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
