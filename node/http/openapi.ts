// The OpenAPI document of the routes, from the same schemas that requests are checked with.
import { z } from 'zod';
import { refusals } from './refusal.ts';
import type { Answer, Route } from './route.ts';

type Json = Record<string, unknown>;

/** The part of the document that the page is made of. */
export interface OpenApi extends Json {
  /** Operations by path and method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** Every refusal and fault: `{"error":{"code","message","mend"}}`. */
export const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.enum(['fault', ...Object.keys(refusals)]),
    message: z.string().describe('what is wrong'),
    mend: z.string().optional().describe('how to mend it'),
  }),
});

const jsonType = 'application/json';
const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  void $schema;
  return rest;
};

/** What a document says of its server. */
export interface About {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/** OpenAPI 3.1. */
export function openApi(routes: readonly Route[], about: About): OpenApi {
  const paths: Record<string, Record<string, Json>> = {};
  for (const each of routes) {
    paths[each.path] ??= {};
    paths[each.path]![each.method.toLowerCase()] = operationOf(each);
  }
  return {
    openapi: '3.1.0',
    info: { ...about, license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' } },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: schemaOf(errorSchema, 'output') },
    },
    paths,
  };
}

function operationOf({ summary, scopes, params, query, body, answers }: Route): Json {
  const guarded = scopes !== 'open';
  return {
    summary,
    ...(guarded && {
      security: [{ token: [] }],
      description: `A token with ${scopes.length > 1 ? 'one of the scopes' : 'the scope'} ${scopes.join(', ')}.`,
    }),
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body && {
      requestBody: { required: true, content: { [jsonType]: { schema: schemaOf(body, 'input') } } },
    }),
    responses: Object.fromEntries([
      ...Object.entries(answers).map(([status, answer]) => [status, responseOf(Number(status), answer)]),
      ['default', responseOf(500, { what: 'a refusal or a fault' })],
    ]),
  };
}

function responseOf(status: number, { what, schema, type = jsonType }: Answer): Json {
  const content = schema
    ? { [type]: { schema: schemaOf(schema, 'output') } }
    : status >= 400
      ? { [type]: { schema: { $ref: '#/components/schemas/Error' } } }
      : { [type]: {} };
  return { description: what, content };
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema: property,
  }));
}
