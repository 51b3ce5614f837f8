/**
 * Requests to webhooks. Their addresses come from outside, so a request could be turned against what only this function reaches:
 * the service that hands out its credentials, other machines of its network. Hence, each time:
 *
 *   name ──> all its addresses ──> each must be public ──> the connection is made to one of those that were checked
 *
 * The name is looked up once, by the connection itself, so it cannot lead elsewhere a moment later (DNS rebinding). No redirect is
 * followed, nothing of the answer but its status is read, and no proxy of the environment is asked.
 */
import { type LookupAddress, promises } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { readWebhookUrl, type UrlRules } from '../../core/contracts/webhook-url.ts';
import type { Posted, WebhookTransport } from '../../core/ports.ts';

/** From the look-up of the name to the answer's status. A receiver is to take an event and work on it later. */
const POST_TIMEOUT_MS = 10_000;

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface TransportSettings extends UrlRules {
  readonly resolve?: Resolve;
}

const resolveAll: Resolve = (host) => promises.lookup(host, { all: true });

/** A name leads to an address that must not be called. */
class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

export class HttpsWebhookTransport implements WebhookTransport {
  private readonly rules: UrlRules;
  private readonly resolve: Resolve;

  constructor({ allowLoopback, resolve = resolveAll }: TransportSettings) {
    this.rules = { allowLoopback };
    this.resolve = resolve;
  }

  async refusal(text: string): Promise<string | undefined> {
    const read = readWebhookUrl(text, this.rules);
    if (!read.ok) return read.why;
    try {
      await this.publicAddresses(new URL(read.url).hostname);
      return undefined;
    } catch (error) {
      return error instanceof ForbiddenAddress ? error.message : 'must have a host name that can be looked up';
    }
  }

  async post(text: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted> {
    const read = readWebhookUrl(text, this.rules);
    if (!read.ok) return { kind: 'refused', why: read.why };
    try {
      return { kind: 'answered', status: await this.send(new URL(read.url), headers, body) };
    } catch (error) {
      if (error instanceof ForbiddenAddress) return { kind: 'refused', why: error.message };
      return { kind: 'failed', why: reasonOf(error) };
    }
  }

  private send(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const makeRequest = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const options = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: this.checkedLookup,
        // A connection of its own: none that was opened for another webhook of the same name, and none that stays open.
        agent: false,
        signal: AbortSignal.timeout(POST_TIMEOUT_MS),
      };
      const request = makeRequest(url, options, (response: IncomingMessage) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      request.once('error', reject);
      request.end(body);
    });
  }

  /** What Node asks for the addresses to connect to. It asks for one or for all, by how it is set up. */
  private readonly checkedLookup: LookupFunction = (host, options, callback) => {
    this.publicAddresses(host).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), ''),
    );
  };

  /** One address that is not public forbids all of them: a name that is both is one that somebody plays with. */
  private async publicAddresses(host: string): Promise<readonly LookupAddress[]> {
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    const addresses = ipaddr.isValid(bare)
      ? [{ address: bare, family: bare.includes(':') ? 6 : 4 }]
      : await this.resolve(bare);
    if (addresses.length === 0) throw new Error(`${host} has no address`);
    const isAllowed = ({ address }: LookupAddress) =>
      isPublicAddress(address) || (this.rules.allowLoopback && isLoopbackAddress(address));
    if (!addresses.every(isAllowed))
      throw new ForbiddenAddress('must have a host name that leads to public addresses only');
    return addresses;
  }
}

/** True for an address that anybody on the internet can reach; every range with a purpose of its own is none such. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  // Global unicast is 2000::/3 (RFC 4291); ranges that are set apart later lie elsewhere.
  if (parsed.kind() === 'ipv6' && !/^[23][0-9a-f]{3}:/.test(parsed.toNormalizedString())) return false;
  return parsed.range() === 'unicast';
}

function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === 'loopback';
}

/** For operators; it says what failed, and nothing that the other side sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no answer in ${POST_TIMEOUT_MS} ms`;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
