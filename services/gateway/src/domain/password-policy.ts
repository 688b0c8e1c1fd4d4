/** Length beats puzzles (NIST SP 800-63B §3.1.1.2): long enough, not one of the first guesses, nothing else. */
export const passwordLengthMin = 12;
export const passwordLengthMax = 128;
const differentCharactersMin = 5;

/** Beginnings of what is guessed first, among passwords that are long enough. */
const guessedFirst = [
  'password',
  'passwort',
  '123456',
  'qwerty',
  'scalpstorm',
  'iloveyou',
  'letmein',
  'changeme',
  'administrator',
  'welcome',
];

export interface PasswordFault {
  readonly code: string;
  readonly text: string;
  /** The rule in words. */
  readonly rule: string;
}

/** What is wrong with a new password; empty when it is good. */
export function passwordFaults(password: string, email: string): readonly PasswordFault[] {
  const length = [...password].length;
  const lengthRule = `${passwordLengthMin} to ${passwordLengthMax} characters`;
  if (length < passwordLengthMin)
    return [{ code: 'PASSWORD_TOO_SHORT', text: `has ${length} characters.`, rule: lengthRule }];
  if (length > passwordLengthMax)
    return [{ code: 'PASSWORD_TOO_LONG', text: `has ${length} characters.`, rule: lengthRule }];
  if (new Set(password).size < differentCharactersMin) {
    const rule = `at least ${differentCharactersMin} different characters`;
    return [{ code: 'PASSWORD_TOO_SIMPLE', text: 'repeats too few characters.', rule }];
  }
  const lower = password.toLowerCase();
  const name = email.toLowerCase().split('@', 1)[0] ?? '';
  if (guessedFirst.some((guess) => lower.startsWith(guess)) || (name.length > 3 && lower.startsWith(name))) {
    return [
      {
        code: 'PASSWORD_GUESSED_FIRST',
        text: 'begins like what is guessed first.',
        rule: 'nothing that begins with a common password or your name',
      },
    ];
  }
  return [];
}
