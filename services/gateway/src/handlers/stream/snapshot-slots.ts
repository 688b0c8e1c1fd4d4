import { Injectable } from '@nestjs/common';

/** Snapshots that are being read for all streams together; one may cost the database as much as a page of the API. */
export const snapshotsAtOnceMax = 16;

/** How many snapshots may be read at once, however many clients ask. */
@Injectable()
export class SnapshotSlots {
  #taken = 0;

  take(): boolean {
    if (this.#taken >= snapshotsAtOnceMax) return false;
    this.#taken += 1;
    return true;
  }

  free(): void {
    this.#taken -= 1;
  }
}
