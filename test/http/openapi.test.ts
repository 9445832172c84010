import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect } from 'chai';
import { allRoutes } from '../../core/app.ts';
import type { RunningHost } from '../helpers/host.ts';
import { ask } from '../helpers/host.ts';
import { sharedHost } from '../helpers/shared-host.ts';

type Json = Record<string, any>;

describe('the OpenAPI document', () => {
  let host: RunningHost;
  let document: Json;
  before(async function () {
    this.timeout(60_000);
    host = await sharedHost();
    document = JSON.parse((await ask(host.url, 'GET', '/openapi.json', { token: null })).text);
  });

  it('holds every route of the router and no other', () => {
    const documented = Object.entries(document.paths as Json).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).to.deep.equal(allRoutes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('passes the linter', async function () {
    this.timeout(60_000);
    const problems = await lintFromString({
      source: JSON.stringify(document),
      absoluteRef: `${host.url}/api/v1/openapi.json`,
      config: await createConfig({
        extends: ['recommended'],
        rules: { 'no-ambiguous-paths': 'off', 'no-server-example.com': 'off', 'security-defined': 'error' },
      }),
    });
    expect(
      problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
    ).to.deep.equal([]);
  });

  it('has no answer schema that is empty or open without saying so', () => {
    const open: string[] = [];
    const walk = (schema: unknown, at: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { type, properties, additionalProperties, $ref } = schema as Json;
      if ($ref) return;
      if (Object.keys(schema).length === 0) open.push(`${at}: empty`);
      if ((type === 'object' || properties) && additionalProperties === undefined)
        open.push(`${at}: additionalProperties is not said`);
      for (const [name, child] of Object.entries(properties ?? {})) walk(child, `${at}/${name}`);
      for (const key of ['items', 'additionalProperties']) walk((schema as Json)[key], `${at}/${key}`);
      for (const key of ['anyOf', 'oneOf', 'allOf'])
        for (const [i, child] of ((schema as Json)[key] ?? []).entries()) walk(child, `${at}/${key}/${i}`);
    };
    for (const [path, operations] of Object.entries(document.paths as Json)) {
      for (const [method, operation] of Object.entries(operations as Json)) {
        for (const [status, { content }] of Object.entries(operation.responses as Json)) {
          for (const [type, { schema }] of Object.entries((content ?? {}) as Json))
            if (type === 'application/json') walk(schema, `${method} ${path} ${status}`);
        }
      }
    }
    for (const [name, schema] of Object.entries(document.components.schemas as Json)) walk(schema, name);
    expect(open).to.deep.equal([]);
  });

  it('is readable at /docs without a script and without anything from elsewhere', async () => {
    const page = await ask(host.url, 'GET', '/docs', { token: null });
    expect(page.status).to.equal(200);
    expect(page.text).to.not.match(/<script|src="http|href="http/);
    for (const { path } of allRoutes) expect(page.text).to.include(path);
  });
});
