/** The terminal as the commands see it: two streams and a width. */

export interface Terminal {
  out(text: string): void
  err(text: string): void
  readonly columns: number
  readonly colour: boolean
  /** True where standard error is watched by a person, so that progress may redraw its line. */
  readonly live: boolean
}
