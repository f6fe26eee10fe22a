// SPDX-License-Identifier: Apache-2.0
import { byRelease, since } from '../by-release.ts'
import type { Fields } from '../trace.ts'
import type { RequestCase, Section } from './cases.ts'

const get = (path: string, expected: RequestCase['expected']): RequestCase => ({
  title: `GET ${path}`,
  path,
  method: 'GET',
  expected,
})

/** Everything but chat completions. */
export const routes: Section<RequestCase> = {
  title: 'Routes',
  note: 'An answer that is the same every time is shown as it is.',
  cases: [
    get('/live', since('200 {"status":"live","message":"Service is live"}')),
    { ...get('/health', since('200 ["status","endpoints","instances"]')), show: (body) => Object.keys(body) },
    {
      ...get(
        '/openapi.json',
        byRelease((version) => `200 {"title":"NVIDIA Dynamo OpenAI Frontend","version":"${version}"}`),
      ),
      show: ({ info }) => ({ title: (info as Fields).title, version: (info as Fields).version }),
    },
    get(
      '/v1/models',
      since(
        '200 {"object":"list","data":[{"id":"tiny","object":"model","created":N,"owned_by":"nvidia","context_window":0}]}',
      ),
    ),
    get(
      '/v1/models/tiny',
      since('200 {"id":"tiny","object":"model","created":N,"owned_by":"nvidia","context_window":0}'),
    ),
    get('/v1/models/nope', since('404 Model not found')),
    get('/version', since('404 empty', { '1.5.1': '404 Route not found: GET /version' })),
    get('/v1', since('404 empty', { '1.5.1': '404 Route not found: GET /v1' })),
    get('/v1/chat/completions', since('405 empty, allow: POST')),
    get('/v1/completions', since('405 empty, allow: POST')),
    get('/v1/responses', since('405 empty, allow: POST')),
    get('/v1/responses/resp_1', since('404 empty', { '1.5.1': '404 Route not found: GET /v1/responses/resp_1' })),
    {
      title: 'POST /v1/models',
      path: '/v1/models',
      method: 'POST',
      body: '{}',
      expected: since('405 empty, allow: GET,HEAD'),
    },
    { title: 'HEAD /v1/models', path: '/v1/models', method: 'HEAD', expected: since('200') },
    {
      title: 'OPTIONS /v1/chat/completions',
      path: '/v1/chat/completions',
      method: 'OPTIONS',
      expected: since('405 empty, allow: POST'),
    },
  ],
}
