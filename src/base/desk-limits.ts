/** Named limits of the guarded desk, each with its reason. docs/desk.md says what follows from them. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations.ts'

/** Rolling windows of a budget. */
export const BUDGET_WINDOWS_MS = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS } as const

/** Until a team's own is derived: more than a busy agent handles, far less than a theft needs. */
export const BUDGET_DEFAULTS = { hour: 20, day: 80, week: 300 } as const
/** A team's own budget lets its busiest agents work: so far above the 99th percentile of its peers. */
export const BUDGET_PEER_FACTOR = 1.5
/** Peers are judged by what they were shown in so many days: a month's rhythm, and not last year's. */
export const BUDGET_BASIS_DAYS = 28
/** Among fewer there are no peers: leaving one out leaves out a quarter of the team. */
export const BUDGET_AGENTS_MIN = 5
/** Of fewer agent-days the 99th percentile is what one agent did once. */
export const BUDGET_AGENT_DAYS_MIN = 50
/** By how much each agent may raise their team's budget beside another: so little that one thief stays
 * within a tenth, rounding included. Smaller, and who honestly does more than the rest is stopped. */
export const BUDGET_EACH_FACTOR = 1.08
/** Of the agents, so many are left out at most: else those who do least would set it for all. */
export const BUDGET_LEFT_OUT_SHARE = 1 / 3
/** A quiet team still has to be able to help a few people in a row. */
export const BUDGET_FLOORS = { hour: 5, day: 20, week: 60 } as const

/** A ticket that heard nothing of its customer for so long explains no look at them any more. */
export const PURPOSE_LIVE_MS = 14 * DAY_MS

/** An unattended screen is a colleague's session after this. */
export const SESSION_IDLE_MS = 15 * MINUTE_MS
/** One shift; a stolen device is worth no more. */
export const SESSION_MS = 8 * HOUR_MS
/** A session that no device claimed by then is nobody's. */
export const SESSION_BIND_MS = MINUTE_MS
/** How fresh a sign-in must be for an act that cannot be taken back. */
export const STEP_UP_MS = 5 * MINUTE_MS
/** A proof older than this could have been copied on its way; clocks differ by less. */
export const PROOF_AGE_MS = MINUTE_MS

/** Long enough to read a mail aloud, too short to be guessed in three attempts. */
export const CODE_LIFE_MS = 10 * MINUTE_MS
/** One in 300,000 for a guesser. */
export const CODE_ATTEMPTS_MAX = 3
/** More than a customer with a slow mailbox needs; each is a message to a person. */
export const CODES_PER_HOUR_MAX = 3

/** A search that finds more is no search for one customer. */
export const SEARCH_RESULTS_MAX = 5
/** Who mistypes does so less often; who enumerates, more. */
export const SEARCH_MISSES_PER_HOUR_MAX = 10
/** Customers without a ticket number who reach one agent in an hour are fewer. */
export const SEARCHES_PER_HOUR_MAX = 30
/** A found customer is dealt with by then, or searched again. */
export const HANDLE_LIFE_MS = 10 * MINUTE_MS

/** An exception is about cases one can name. */
export const GRANT_CUSTOMERS_MAX = 10
/** An export that needs more is a project with its own agreement. */
export const EXPORT_CUSTOMERS_MAX = 1000
/** Canaries in each export: one can be lost, mailed wrongly or filtered. */
export const EXPORT_CANARIES = 3
/** Half a shift; a longer need is a new decision. */
export const GRANT_MINUTES_MAX = 240
/** A request that nobody decided by then is asked again. */
export const GRANT_WAIT_MS = DAY_MS
/** Who decides more than this in a day reads none of them. */
export const GRANTS_DECIDED_PER_DAY_MAX = 20
/** More approvals by one person for another in a week are a habit, which somebody else should see. */
export const GRANTS_PER_PAIR_PER_WEEK_MAX = 5
/** What a second person has to read to decide, and no more. */
export const GRANT_TEXT_CHARS_MAX = 2000
/** Fewer characters say nothing that could be checked, ... */
export const GRANT_TEXT_CHARS_MIN = 20
/** ... nor do fewer different words. */
export const GRANT_TEXT_WORDS_MIN = 3
/** A text must be unlike so many before it of the same person. */
export const GRANT_TEXTS_COMPARED = 20
/** A busy day once more; who needs a third is not handling tickets. */
export const GRANT_EXTRA_MAX = 80
/** In an emergency one looks at one thing at a time, ... */
export const EMERGENCIES_LIVE_MAX = 1
/** ... and whoever has more of them in a day needs a second person anyway. */
export const EMERGENCIES_PER_DAY_MAX = 3
/** Two accounts on one device within this may be one person's. */
export const DEVICE_SHARED_MS = 30 * DAY_MS
/** How far back a decision looks for how somebody usually asks. */
export const GRANT_HABIT_MS = 30 * DAY_MS
/** A file of customers that is larger holds more than the fields somebody agreed to. */
export const EXPORT_BYTES_MAX = 16 << 20
/** Requests of one person that wait at once. */
export const GRANTS_WAITING_MAX = 5

/** Rows of a page of a list. */
export const PAGE_ROWS_MAX = 50
/** Messages of a ticket shown at once: the newest. */
export const CONVERSATION_MAX = 200

/** Questions to the policies whose answers are kept: there are a few thousand different ones. */
export const POLICY_ANSWERS_MAX = 8192
