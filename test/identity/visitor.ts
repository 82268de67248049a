/** A browser as far as signing in needs one: cookies by host and port, redirects, one kind of form. */

/** One browser, or one profile of it. */
export function newVisitor() {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (url: string) => {
    const { host } = new URL(url)
    if (!jars.has(host)) jars.set(host, new Map())
    return jars.get(host)!
  }

  async function request(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = new Headers(init.headers)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      const isGone = /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)
      if (isGone) jarOf(url).delete(name)
      else jarOf(url).set(name, value)
    }
    return response
  }

  /** Follows redirects until `isThere`, or to the first page that is none. */
  async function follow(
    url: string,
    isThere: (url: string) => boolean,
  ): Promise<[string, Response]> {
    let at = url
    for (let hops = 0; hops < 20; hops++) {
      if (isThere(at)) return [at, new Response(null)]
      const response = await request(at)
      const location = response.headers.get('location')
      if (location === null) return [at, response]
      await response.arrayBuffer()
      at = new URL(location, at).href
    }
    throw new Error('redirected in a circle')
  }

  return {
    request,
    follow,
    cookie: (url: string, name: string) => jarOf(url).get(name),
    setCookie: (url: string, name: string, value: string) => void jarOf(url).set(name, value),
    /** Logs in wherever the way from `url` asks, and answers where it ends: an address that
     * `isThere`, which is not asked for, or the first page without a form. */
    async logIn(url: string, login: string, isThere: (url: string) => boolean): Promise<string> {
      let [at, page] = await follow(url, isThere)
      for (let forms = 0; forms < 10 && !isThere(at); forms++) {
        const html = await page.text()
        const action = /<form[^>]*action="([^"]*)"/.exec(html)?.[1]
        if (action === undefined) return at
        const body = new URLSearchParams(hiddenIn(html))
        if (body.get('prompt') === 'login') body.set('login', login)
        const submitted = await request(new URL(action, at).href, { method: 'POST', body })
        const location = submitted.headers.get('location')
        if (location === null) return at
        ;[at, page] = await follow(new URL(location, at).href, isThere)
      }
      return at
    },
  }
}

function hiddenIn(html: string): [string, string][] {
  return [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
    /name="([^"]*)"/.exec(input)?.[1] ?? '',
    /value="([^"]*)"/.exec(input)?.[1] ?? '',
  ])
}
