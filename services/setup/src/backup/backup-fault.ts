export type BackupFaultCode =
  /** Nothing of this installation is in the database. */
  | 'NOTHING_TO_BACK_UP'
  | 'BACKUP_FOLDER_NOT_EMPTY'
  /** No back-up lies there, or one that never came to its end. */
  | 'BACKUP_NOT_FOUND'
  | 'BACKUP_DAMAGED'
  /** A later version made it. */
  | 'BACKUP_NEWER'
  /** Something is where the back-up would go. */
  | 'TARGET_NOT_EMPTY'
  /** A service still writes there. */
  | 'PLATFORM_RUNNING'
  /** What came out is not what went in. */
  | 'RESTORE_DIFFERS';

/** Why a back-up was not made or not restored, and what to do; nothing was changed. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';

  constructor(
    readonly code: BackupFaultCode,
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}
