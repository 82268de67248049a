/** What a witness must never forget. */

/**
 * The newest checkpoint cosigned for each log, by its origin: a note as text. One process has the
 * store at a time.
 */
export interface WitnessStore {
  /** Null where nothing was ever kept for this origin. Throws WITNESS_STATE_BROKEN where something
   * was and is gone. */
  read(origin: string): Promise<string | null>
  /** Has the note on the disk when it returns: a crash at any moment leaves the old note or the new
   * one. Where it throws, either may be there. */
  replace(origin: string, note: string): Promise<void>
}
