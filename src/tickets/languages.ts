/** The languages in which customers are written to. */

/** Of these, the one of a locale such as `de-CH`, else English. */
export function languageOf(
  locale: string | null,
  texts: Readonly<Record<string, unknown>>,
): string {
  const wanted = (locale ?? '').trim().toLowerCase().split(/[-_.]/)[0]
  return Object.hasOwn(texts, wanted) ? wanted : 'en'
}
