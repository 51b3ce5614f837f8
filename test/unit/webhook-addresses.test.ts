/**
 * Shows that no webhook can be turned against the wallet's own network: addresses that a text may hide, ranges of addresses, names
 * that lead to them, now or a moment later, redirects; and that a receiver cannot hold the sender up or feed it.
 */
import type { LookupAddress } from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HttpsWebhookTransport, isPublicAddress, type Resolve } from '../../adapters/node/https-webhook-transport.ts';
import { readWebhookUrl } from '../../core/contracts/webhook-url.ts';

const strict = { allowLoopback: false };

describe('an address as text', () => {
  test.each([
    ['https://example.com/hooks', 'https://example.com/hooks'],
    ['https://Example.COM/Hooks?a=b', 'https://example.com/Hooks?a=b'],
    ['https://example.com:443', 'https://example.com/'],
    ['https://example.com:8443/x', 'https://example.com:8443/x'],
    ['https://xn--bcher-kva.example.com/', 'https://xn--bcher-kva.example.com/'],
  ])('%s may be called', (text, url) => {
    expect(readWebhookUrl(text, strict)).toEqual({ ok: true, url });
    expect(readWebhookUrl(url, strict)).toEqual({ ok: true, url });
  });

  test.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'example.com',
    '//example.com/',
    '',
    'https://',
    'https://example.com:80/',
    'https://example.com:22/',
    'https://example.com:8444/',
    'https://user@example.com/',
    'https://user:secret@example.com/',
    'https://example.com@127.0.0.1/',
    'https://127.0.0.1#@example.com/',
    'https://example.com/#fragment',
    'https://example.com\\@127.0.0.1/',
    'https:\\\\127.0.0.1/',
    'https://exam ple.com/',
    ' https://example.com/',
    'https://example.com/\n',
    'https://exa\tmple.com/',
    'https://bücher.example/',
    'https://ⓔxample.com/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://0x7f.0.0.1/',
    'https://0x7f000001/',
    'https://%31%32%37.0.0.1/',
    'https://127.0.0.1./',
    'https://8.8.8.8/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fd00:ec2::254]/',
    'https://[2606:4700:4700::1111]/',
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://foo.localhost/',
    'https://example.com./',
    'https://example..com/',
    'https://.example.com/',
    'https://-example.com/',
    'https://intranet/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://ip-10-0-0-1.ec2.internal/',
    'https://router.lan/',
    'https://1.0.0.127.in-addr.arpa/',
    'https://exa_mple.com/',
    `https://example.com/${'a'.repeat(2_000)}`,
  ])('%j may not', (text) => {
    expect(readWebhookUrl(text, strict)).toMatchObject({ ok: false });
  });

  test.each(['http://127.0.0.1:8080/hook', 'http://localhost:1/', 'http://[::1]:9/'])(
    '%s may be called where the loopback is allowed, and nowhere else',
    (text) => {
      expect(readWebhookUrl(text, { allowLoopback: true })).toMatchObject({ ok: true });
      expect(readWebhookUrl(text, strict)).toMatchObject({ ok: false });
    },
  );

  test.each([
    'http://10.0.0.1/',
    'http://example.com/',
    'http://127.0.0.2/',
    'http://169.254.169.254/',
    'http://u@localhost/',
  ])('%s may not be called, loopback or not', (text) =>
    expect(readWebhookUrl(text, { allowLoopback: true })).toMatchObject({ ok: false }),
  );
});

describe('an address as numbers', () => {
  test.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001::200e'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '169.254.100.5',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::808:808',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '3fff::1',
    '5f00::1',
    '4000::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'nonsense',
    '',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

const leadsTo =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('a name', () => {
  test.each([
    [['169.254.169.254']],
    [['93.184.216.34', '10.0.0.1']],
    [['93.184.216.34', '::1']],
    [['::ffff:10.0.0.1']],
  ])('that leads to %j is refused, when it is registered and when it is called', async (addresses) => {
    const transport = new HttpsWebhookTransport({ ...strict, resolve: leadsTo(...addresses) });
    expect(await transport.refusal('https://example.com/')).toContain('public addresses');
    expect(await transport.post('https://example.com/', {}, '{}')).toMatchObject({ kind: 'refused' });
  });

  test('that leads to public addresses may be registered, one that leads nowhere not', async () => {
    const found = new HttpsWebhookTransport({ ...strict, resolve: leadsTo('93.184.216.34') });
    expect(await found.refusal('https://example.com/')).toBeUndefined();
    const lost = new HttpsWebhookTransport({
      ...strict,
      resolve: async () => {
        throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
      },
    });
    expect(await lost.refusal('https://example.com/')).toContain('looked up');
    expect(await lost.post('https://example.com/', {}, '{}')).toEqual({ kind: 'failed', why: 'ENOTFOUND' });
  });

  test('that leads elsewhere once it was registered is refused then: each sending looks again, once', async () => {
    let looks = 0;
    const resolve: Resolve = async () => {
      looks += 1;
      return [{ address: looks === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }];
    };
    const transport = new HttpsWebhookTransport({ ...strict, resolve });
    expect(await transport.refusal('https://example.com/')).toBeUndefined();
    expect(await transport.post('https://example.com/', {}, '{}')).toMatchObject({ kind: 'refused' });
    expect(looks).toBe(2);
  });
});

describe('a receiver', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function listen(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port }: Partial<AddressInfo> = Object(server.address());
    return `http://127.0.0.1:${port}/hook`;
  }
  const transport = new HttpsWebhookTransport({ allowLoopback: true });

  test('gets the body and the headers as they are', async () => {
    let got = '';
    const url = await listen(async (request, response) => {
      for await (const chunk of request) got += String(chunk);
      got += ` ${request.headers['webhook-id']} ${request.method}`;
      response.end();
    });
    expect(await transport.post(url, { 'webhook-id': 'x' }, '{"é":1}')).toEqual({ kind: 'answered', status: 200 });
    expect(got).toBe('{"é":1} x POST');
  });

  test('that redirects is answered by nobody', async () => {
    let asked = 0;
    const other = await listen((_, response) => {
      asked += 1;
      response.end();
    });
    const url = await listen((_, response) => response.writeHead(307, { location: other }).end());
    expect(await transport.post(url, {}, '{}')).toEqual({ kind: 'answered', status: 307 });
    expect(asked).toBe(0);
  });

  test('that never stops talking is not listened to', async () => {
    let closed: (() => void) | undefined;
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await listen((_, response) => {
      const talk = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.once('close', () => {
        clearInterval(talk);
        closed?.();
      });
    });
    expect(await transport.post(url, {}, '{}')).toEqual({ kind: 'answered', status: 200 });
    await isClosed;
  });

  test('that hangs up is a failure, and not one of the wallet', async () => {
    const url = await listen((request) => request.destroy());
    expect(await transport.post(url, {}, '{}')).toEqual({ kind: 'failed', why: 'ECONNRESET' });
  });

  test('that does not answer is waited for ten seconds', async () => {
    const url = await listen(() => {});
    expect(await transport.post(url, {}, '{}')).toEqual({ kind: 'failed', why: 'no answer in 10000 ms' });
  });
});
