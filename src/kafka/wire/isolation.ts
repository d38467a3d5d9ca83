import type { IsolationLevel } from '../kafka-driver.ts';

export function isolationCode(isolation: IsolationLevel): 0 | 1 {
  return isolation === 'read_committed' ? 1 : 0;
}
