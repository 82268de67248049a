/** What a customer reads beside a code: what it is for, and what to do if they called nobody. */
import { languageOf } from './languages.ts'

/** What the texts are filled with. */
export interface CodeText {
  readonly code: string
  readonly ticket: string
  readonly minutes: number
  /** Name of the organisation, as its customers know it. */
  readonly organisation: string
  /** Where a customer tells of a call they did not expect; null: nowhere but by telephone. */
  readonly reportUrl: string | null
}

/** A text in a language. */
export interface CodeMessage {
  /** BCP 47. */
  readonly language: string
  readonly subject: string
  readonly mail: string
  /** Short enough for three text messages. */
  readonly short: string
}

type Texts = (text: CodeText, digits: string) => Omit<CodeMessage, 'language'>

const LANGUAGES: Readonly<Record<string, Texts>> = {
  en: ({ code, ticket, minutes, organisation, reportUrl }, digits) => ({
    subject: `${organisation}: the code to read out`,
    mail: `Somebody at the support of ${organisation} says that they are speaking with you now, and has asked for this code:

    ${digits}

If you called us or wrote to us, or a call was agreed with you: read it out to them. It shows that they are speaking with the right person, and lets them see how you can be reached, for your request ${ticket}. It is good for ${minutes} minutes, and works once.

If you did not expect this: tell nobody the code, and end the call, whoever seems to be calling. We never need it for a payment, for a password, or to get into your computer.${reportUrl === null ? '' : `\n\nTell us about the call: ${reportUrl}`}
`,
    short: `${organisation}: code ${code}. Read it out only if you called us or expect our call (${ticket}). Otherwise tell nobody and hang up.${reportUrl === null ? '' : ` ${reportUrl}`}`,
  }),

  de: ({ code, ticket, minutes, organisation, reportUrl }, digits) => ({
    subject: `${organisation}: der Code zum Vorlesen`,
    mail: `Jemand vom Kundendienst von ${organisation} gibt an, gerade mit Ihnen zu sprechen, und hat diesen Code angefordert:

    ${digits}

Wenn Sie uns angerufen oder uns geschrieben haben oder ein Anruf mit Ihnen vereinbart war: Lesen Sie ihn vor. Er zeigt, dass wir mit der richtigen Person sprechen, und macht sichtbar, wie Sie für Ihr Anliegen ${ticket} zu erreichen sind. Er gilt ${minutes} Minuten und nur einmal.

Wenn Sie das nicht erwartet haben: Nennen Sie den Code niemandem und beenden Sie das Gespräch, wer auch immer anzurufen scheint. Wir brauchen ihn nie für eine Zahlung, für ein Passwort oder für den Zugang zu Ihrem Computer.${reportUrl === null ? '' : `\n\nMelden Sie uns den Anruf: ${reportUrl}`}
`,
    short: `${organisation}: Code ${code}. Nur vorlesen, wenn Sie uns angerufen haben oder unseren Anruf erwarten (${ticket}). Sonst niemandem nennen und auflegen.${reportUrl === null ? '' : ` ${reportUrl}`}`,
  }),

  ja: ({ code, ticket, minutes, organisation, reportUrl }, digits) => ({
    subject: `${organisation}：お電話で読み上げていただくコード`,
    mail: `${organisation}のサポート担当者が、ただいまお客様とお話し中であるとして、このコードの送信を依頼しました。

    ${digits}

お客様からお電話やご連絡をいただいた場合、またはお電話のお約束をしている場合は、このコードを担当者に読み上げてください。ご本人であることを確認し、お問い合わせ（${ticket}）のために担当者がお客様のご連絡先を見られるようにするものです。有効期間は${minutes}分間、一度だけ使えます。

お心当たりのない場合は、相手が誰を名乗っていても、コードを決して伝えずに電話をお切りください。お支払い、パスワード、パソコンの遠隔操作のためにこのコードをお尋ねすることはありません。${reportUrl === null ? '' : `\n\n不審な電話のご連絡先：${reportUrl}`}
`,
    short: `${organisation}：コード ${code}。当社へお電話された方、当社からの電話をお待ちの方（${ticket}）だけ読み上げてください。お心当たりがなければ誰にも伝えず電話をお切りください。${reportUrl === null ? '' : ` ${reportUrl}`}`,
  }),
}

/** In the customer's language where there is a text in it, else in English. `locale`: such as `de-CH`. */
export function codeMessage(locale: string | null, text: CodeText): CodeMessage {
  const language = languageOf(locale, LANGUAGES)
  const digits = `${text.code.slice(0, 3)} ${text.code.slice(3)}`
  return { language, ...LANGUAGES[language](text, digits) }
}
