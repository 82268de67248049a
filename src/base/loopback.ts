/** Which names and addresses are this machine's own. */

/** Whether a host, without a port, is this machine and never another. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || isLoopback4(host)
}

function isLoopback4(host: string): boolean {
  const parts = host.split('.')
  const isByte = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255
  return parts.length === 4 && parts[0] === '127' && parts.every(isByte)
}
