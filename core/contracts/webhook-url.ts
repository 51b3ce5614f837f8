/**
 * Which addresses a webhook may have. What the text shows is refused here: anything but https on a usual port, names of machines
 * instead of addresses, names that are private by convention. Where a name leads is another question, asked before every sending.
 */

/** Longest address; browsers and proxies take as much. */
const MAX_URL_LENGTH = 2_000;
const PORTS: ReadonlySet<string> = new Set(['', '8443']);
/** Last labels of names that no public server has (RFC 6761, RFC 6762, RFC 8375, ICANN's list of collisions). */
const PRIVATE_NAMES = /\.(localhost|local|localdomain|internal|intranet|private|corp|home|lan|invalid|onion|arpa)$/;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

export type ReadUrl = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly why: string };

export interface UrlRules {
  /** Lets http on this machine through as well; only for tests and for a wallet that nobody else reaches. */
  readonly allowLoopback: boolean;
}

/** Reads an address; what is given back is as it will be called, and reading it again gives the same. */
export function readWebhookUrl(text: string, { allowLoopback }: UrlRules): ReadUrl {
  if (text.length > MAX_URL_LENGTH) return refuse(`must have at most ${MAX_URL_LENGTH} characters`);
  // What a parser would quietly drop, fold or translate is not let near one: blanks, control characters, backslashes, other scripts.
  if (!/^[\x21-\x5b\x5d-\x7e]+$/.test(text))
    return refuse('must be printable ASCII; write international names in punycode');
  if (!URL.canParse(text)) return refuse('must be an absolute URL, such as "https://example.com/hooks"');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return refuse('must not have a user or a password');
  if (url.hash !== '') return refuse('must not have a fragment');
  if (allowLoopback && LOOPBACK_HOSTS.has(url.hostname)) return { ok: true, url: url.href };
  if (url.protocol !== 'https:') return refuse('must begin with "https://"');
  if (!PORTS.has(url.port)) return refuse('must be on port 443 or 8443');
  return hostRefusal(url.hostname) ?? { ok: true, url: url.href };
}

/** A parser has brought all spellings of an IPv4 address (octal, hexadecimal, one number) into the usual one by now. */
function hostRefusal(host: string): ReadUrl | undefined {
  const labels = host.split('.');
  if (host.startsWith('[') || /^[0-9.]+$/.test(host)) return refuse('must name a host, not an IP address');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) {
    return refuse('must have a fully qualified host name, without a dot at its end');
  }
  return PRIVATE_NAMES.test(host) ? refuse('must have a public host name') : undefined;
}

function refuse(why: string): ReadUrl {
  return { ok: false, why };
}
