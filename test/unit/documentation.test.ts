/**
 * The description of the API is served as it is committed, and its page loads nothing from anywhere else: each file that it names is
 * there, and its policy would not let a browser fetch others.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MemoryApi } from '../memory-api.ts';

test('the document is the committed one, for anybody', async () => {
  const { status, headers, body } = await new MemoryApi().get('/v1/openapi.json');
  expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
  expect(body).toEqual(JSON.parse(readFileSync('docs/openapi.json', 'utf8')));
});

test('each file that the page names is served, with a type that a browser takes', async () => {
  const api = new MemoryApi();
  const { body } = await api.get('/v1/docs');
  const page = String(body['text']);
  const files = Array.from(page.matchAll(/(?:src|href)="(docs\/[^"]+)"/g), ([, file]) => file);
  expect(files).toEqual(['docs/swagger-ui.css', 'docs/swagger-ui-bundle.js', 'docs/start.js']);
  const types = [];
  for (const file of files) {
    const answer = await api.get(`/v1/${file}`);
    expect(answer.status).toBe(200);
    expect(String(answer.body['text']).length).toBeGreaterThan(50);
    types.push(answer.headers['content-type']);
  }
  expect(types).toEqual(['text/css', 'text/javascript', 'text/javascript'].map((type) => `${type}; charset=utf-8`));
  expect(page).not.toMatch(/(src|href)="https?:/);
});

test('the page has a policy that lets nothing in from outside', async () => {
  const { headers } = await new MemoryApi().get('/v1/docs');
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('http');
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test.each(['../openapi.json', '..%2F..%2Fpackage.json', 'handler.mjs', 'openapi.json', '%2e%2e'])(
  'no other file comes out: %s',
  async (name) => {
    const event = await new MemoryApi().get(`/v1/docs/${encodeURIComponent(name)}`);
    expect(event).toMatchObject({ status: 404, body: { reason: 'route_not_found' } });
  },
);
