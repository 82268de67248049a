/** Named limits of signing in and of people, each with its reason; docs/identity.md says what follows. */

/** How often the use of a session is written down: an idle end may come so much too early. */
export const SESSION_SEEN_EVERY_MS = 30_000
/** Sessions of one agent at once: a desk, a second screen, a telephone, and some left open. One more
 * ends the oldest. */
export const SESSIONS_LIVE_MAX = 5
/** Sessions shown of one agent: the newest. */
export const SESSIONS_LISTED_MAX = 50

/** Bytes of a proof: one of P-256 with a long address takes under a thousand. */
export const PROOF_BYTES_MAX = 2048
/** A proof and the Date header that a client sets its clock by leave out up to a second each. */
export const PROOF_SLACK_MS = 2000
/** Proofs remembered per window: two thousand requests a second. One more is refused. */
export const PROOFS_REMEMBERED_MAX = 262_144
/** ... of one device: forty requests a second, which no console comes near. */
export const PROOFS_PER_DEVICE_MAX = 5000
/** One refusal of a session is told to the log this often: a copied cookie must not fill the log. */
export const REFUSALS_TOLD_EVERY_MS = 60_000
/** Sessions whose last told refusal is remembered. */
export const REFUSALS_REMEMBERED_MAX = 10_000

/** Long enough to find a security key or type a password twice. */
export const CEREMONY_MS = 5 * 60_000
/** Sign-ins under way at once: every agent of a large desk at the start of a shift. */
export const CEREMONIES_MAX = 20_000
/** How far the clocks of an identity provider may be off. */
export const PROVIDER_SKEW_MS = 30_000
/** An identity provider that takes longer to answer is not working. */
export const PROVIDER_TIMEOUT_MS = 10_000
/** What it says about itself is read again after this, so that new keys and addresses are found. */
export const PROVIDER_REFRESH_MS = 3_600_000

/** A laptop, a telephone, two security keys, and as many that were replaced. */
export const PASSKEYS_PER_AGENT_MAX = 10
/** Characters of what somebody calls a passkey. */
export const PASSKEY_LABEL_MAX = 60

/** Characters of a name, mail address or id of a person or team. */
export const PERSON_TEXT_MAX = 200
/** Attempts at a pseudonym that nobody has yet, before it gets a character more. */
export const PSEUDONYM_ATTEMPTS = 4

/** Bytes of a file of people: a hundred thousand of them. */
export const PEOPLE_FILE_BYTES_MAX = 16 << 20
/** A first file of a hundred thousand people takes a step of the log for each. */
export const PEOPLE_SYNC_TIMEOUT_MS = 30 * 60_000
/** What came of such a file. */
export const PEOPLE_ANSWER_BYTES_MAX = 32 << 20
/** People, teams or spans of one file. */
export const PEOPLE_FILE_ROWS_MAX = 100_000
/** People read at once where all are needed. */
export const PEOPLE_PAGE = 1000
/** A shift is shorter; a longer span is a mistyped date. */
export const DUTY_MS_MAX = 24 * 3_600_000

/** Services with tokens: hooks, directories and tools of one desk are few. */
export const SERVICES_MAX = 200

/** Resources of one answer to a directory. */
export const SCIM_PAGE_MAX = 200
/** Members of one group: a larger one is split into teams anyway. */
export const SCIM_GROUP_MEMBERS_MAX = 10_000
/** Characters of a filter: one comparison of one value. */
export const SCIM_FILTER_MAX = 500
/** Bytes of a request of a directory: one group with ten thousand members. */
export const SCIM_BODY_BYTES_MAX = 1 << 20

/** Devices' keys kept as they are read: more than use a desk at once. */
export const PUBLIC_KEYS_MAX = 10_000
