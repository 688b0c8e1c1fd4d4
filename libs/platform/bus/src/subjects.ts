import { inNamespace, type Speaker, withSpeaker } from '@scalpstorm/contracts';

/** The subject on the wire; the speaker's own name is filled in, because only the connection knows it. */
export const absolute = (namespace: string, speaker: Speaker, subject: string): string =>
  inNamespace(namespace, withSpeaker(subject, speaker));

/** Whether a subject fits a pattern with `*` and a closing `>`. */
export function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const given = subject.split('.');
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return given.length > index;
    if (index >= given.length || (token !== '*' && token !== given[index])) return false;
  }
  return wanted.length === given.length;
}
