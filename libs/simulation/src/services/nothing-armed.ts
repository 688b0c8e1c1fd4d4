import { type ArmedDeadMan, DeadMen } from '@scalpstorm/risk-gate/simulation';

/** Nobody arms a dead-man timer here. */
export class NothingArmed extends DeadMen {
  async load(): Promise<void> {}
  all(): readonly ArmedDeadMan[] {
    return [];
  }
  async arm(): Promise<void> {}
  async disarm(): Promise<void> {}
}
