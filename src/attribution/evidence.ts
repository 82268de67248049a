/**
 * What the access log says about one report: who had been shown the reported customer in time, and
 * the same for the customers it is compared with. Agents and customers are dense integers here;
 * names belong to the index.
 */
export interface Evidence {
  /** The report's identity as the caller knows it. */
  readonly report: string
  /** Agents who had been shown this customer, with the fields the caller knew, before the contact
   * (less the lag), other than by handling this very report. Ascending, distinct. */
  readonly hits: Uint32Array
  /** Per hit, 1 where no grounded purpose explains any of those exposures. All 0 where the log
   * knows no purposes. */
  readonly ungrounded: Uint8Array
  /** True when the caller knew something that only a copy of the records could tell. */
  readonly knowing: boolean
  /** True when no logged path ever showed this customer to anyone before the contact. */
  readonly ghost: boolean
  /** The reported customer's first contact (epoch seconds), or null when none is known. */
  readonly firstContact: number | null
  readonly group: ComparisonGroup
}

/**
 * The comparison customers of one report: they have not reported before it and stand in one group
 * with the reported customer (segment, queue, activity, period of contact) under a partition that
 * does not depend on who saw whom. `size` counts all of them; only those shown to somebody are
 * listed: customer i was shown to `agents[starts[i] .. starts[i+1])`, ascending.
 */
export interface ComparisonGroup {
  readonly size: number
  readonly starts: Uint32Array
  readonly agents: Uint32Array
  /** Ascending first contacts (epoch seconds) of those customers, for the age of an outside copy;
   * customers without contact are left out. */
  readonly firstContacts: Uint32Array
}
