import { autoCreateConfig } from '../config/auto-create.ts';
import { mayOn } from './grants.ts';
import type { Subject } from './subject.ts';

/** Returns which topics may be created when the caller produces to them. */
export function creatableTopics(subject: Pick<Subject, 'caller' | 'principal' | 'mode'>): (topic: string) => boolean {
  const isOn = autoCreateConfig();
  const mayDo = mayOn(subject, 'topics');
  return (topic) => isOn && mayDo('create', topic);
}
