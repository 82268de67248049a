/** Customers with names, addresses and numbers that nobody has: reserved domains and number ranges. */
import { type Random, random } from '../random.ts'

/** A row of support.customers. */
export interface SeedCustomer {
  readonly key: string
  readonly name: string
  readonly mail: string
  readonly phone: string
  readonly alias: string
  readonly address: string
  readonly segment: 'consumer' | 'business' | 'government'
  readonly locale: string
  readonly product: string
  readonly notes: string | null
  readonly payment: string
}

interface Place {
  readonly locale: string
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly street: (rng: Random) => string
  readonly phone: (rng: Random) => string
}

const digits = (rng: Random, count: number) =>
  Array.from({ length: count }, () => rng.below(10)).join('')

// Numbers: North America's 555-01xx, Ofcom's ranges for drama, the Bundesnetzagentur's 0171 39200,
// and a Japanese prefix that is not given out.
const PLACES: readonly Place[] = [
  {
    locale: 'en-US',
    given: [
      'Olivia',
      'Noah',
      'Amelia',
      'Liam',
      'Grace',
      'Ethan',
      'Ruth',
      'Walter',
      'Doris',
      'Hank',
    ],
    family: ['Carter', 'Nguyen', 'Morales', 'Whitfield', 'Okafor', 'Larsen', 'Hughes', 'Bennett'],
    street: (rng) => `${1 + rng.below(900)} Maple Street, Springfield`,
    phone: (rng) => `+1${rng.pick(['202', '303', '415', '617'])}55501${digits(rng, 2)}`,
  },
  {
    locale: 'en-GB',
    given: ['Isla', 'Oscar', 'Freya', 'George', 'Maureen', 'Alun', 'Priya', 'Hamish'],
    family: ['Ashworth', 'Patel', 'Campbell', 'Davies', 'Thornton', 'Singh', 'Murray'],
    street: (rng) => `${1 + rng.below(120)} Mill Lane, Anytown`,
    phone: (rng) => `+447700900${digits(rng, 3)}`,
  },
  {
    locale: 'de-DE',
    given: ['Anna', 'Jürgen', 'Sabine', 'Matthias', 'Käthe', 'Björn', 'Elif', 'Heinz'],
    family: ['Köhler', 'Schröder', 'Yılmaz', 'Baumann', 'Weiß', 'Vogel', 'Lindner'],
    street: (rng) => `Musterweg ${1 + rng.below(90)}, Musterstadt`,
    phone: (rng) => `+4917139200${digits(rng, 2)}`,
  },
  {
    locale: 'ja-JP',
    given: ['愛子', '健太', 'さくら', '大輔', '美咲', '翔', '由美'],
    family: ['佐藤', '鈴木', '高橋', '田中', '渡辺', '伊藤', '中村'],
    street: (rng) => `見本市中央${1 + rng.below(9)}-${1 + rng.below(20)}`,
    phone: (rng) => `+8150000${digits(rng, 5)}`,
  },
]

const PRODUCTS = ['Home Protection', 'Mobile Protection', 'Family Plan', 'Password Vault', 'Backup']
const NOTES = [
  'Prefers to be called in the afternoon.',
  'Hard of hearing; write instead of calling.',
  'Was called by somebody in our name in May; be careful.',
]

/** The customer of this number: always the same one for the same seed. */
export function seedCustomer(seed: number, number: number): SeedCustomer {
  const rng = random(seed, `customer/${number}`)
  const place = rng.pick(PLACES)
  const [given, family] = [rng.pick(place.given), rng.pick(place.family)]
  const isJapanese = place.locale === 'ja-JP'
  const alias = `user${number.toString(36)}${rng.below(90) + 10}`
  return {
    key: `C-${String(100_000 + number)}`,
    name: isJapanese ? `${family} ${given}` : `${given} ${family}`,
    mail: `${alias}@${rng.pick(['example.com', 'example.net', 'example.org'])}`,
    phone: place.phone(rng),
    alias,
    address: place.street(rng),
    segment: rng.chance(0.03) ? 'government' : rng.chance(0.12) ? 'business' : 'consumer',
    locale: place.locale,
    product: rng.pick(PRODUCTS),
    notes: rng.chance(0.1) ? rng.pick(NOTES) : null,
    payment: `card ending ${digits(rng, 4)}`,
  }
}
