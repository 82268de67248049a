/** Ports of `telltale store`. */

/** Where the database is: at an address, or the built-in one of a folder. */
export interface StorePlace {
  readonly database?: string
  readonly dir: string
}

/** Rows by table. */
export type Rows = Readonly<Record<string, number>>

/** What the commands need of the rest. */
export interface StoreTools {
  /** Throws FILE_UNWRITABLE, STORE_UNAVAILABLE, STORE_UNSUITABLE. */
  backup(place: StorePlace, file: string): Promise<{ readonly rows: Rows }>
  /** Throws STORE_BACKUP_DAMAGED, STORE_NOT_EMPTY, STORE_NEWER, FILE_UNREADABLE. */
  restore(place: StorePlace, file: string): Promise<{ readonly rows: Rows }>
}
