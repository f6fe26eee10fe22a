// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { findProxy } from '../../src/doctor/environment/proxy.ts'

const http = 'http://gpu-box.lab:8000/v1'
const https = 'https://gpu-box.lab/v1'
const proxy = 'http://user:password@proxy:3128'

describe('which variable names the proxy', () => {
  test.each([
    [http, {}, undefined],
    [http, { HTTP_PROXY: proxy }, 'HTTP_PROXY'],
    [http, { HTTP_PROXY: proxy, http_proxy: proxy }, 'http_proxy'],
    [http, { HTTP_PROXY: proxy, http_proxy: '' }, undefined],
    [http, { HTTPS_PROXY: proxy }, undefined],
    [https, { HTTPS_PROXY: proxy }, 'HTTPS_PROXY'],
    [https, { HTTP_PROXY: proxy }, 'HTTP_PROXY'],
    ['http://127.0.0.1:8000/v1', { HTTP_PROXY: proxy }, 'HTTP_PROXY'],
  ])('for %s with %j: %s', (baseUrl, environment, variable) => {
    expect(findProxy(environment, baseUrl)?.variable).toBe(variable)
  })
})

describe('what exempts an address', () => {
  test.each([
    [http, '*'],
    [http, 'gpu-box.lab'],
    [http, 'GPU-BOX.LAB:8000'],
    [http, 'lab'],
    [http, '.lab'],
    [http, 'localhost *.lab'],
    ['http://[::1]:8000/v1', '::1'],
    ['http://[::1]:8000/v1', '[::1]:8000'],
  ])('%s: %s', (baseUrl, NO_PROXY) => {
    expect(findProxy({ HTTP_PROXY: proxy, NO_PROXY }, baseUrl)).toBeUndefined()
  })

  test.each([
    [http, 'box.lab', { NO_PROXY: 'box.lab,gpu-box.lab' }],
    [http, 'gpu-box.lab:9000', { NO_PROXY: 'gpu-box.lab:9000,gpu-box.lab' }],
    [http, '', { NO_PROXY: 'gpu-box.lab' }],
    ['http://[::1]:8000/v1', '127.0.0.1', { NO_PROXY: '127.0.0.1,::1' }],
  ])('%s: not %j, but %j', (baseUrl, NO_PROXY, exemption) => {
    expect(findProxy({ HTTP_PROXY: proxy, NO_PROXY }, baseUrl)?.exemption).toEqual(exemption)
    expect(findProxy({ HTTP_PROXY: proxy, ...exemption }, baseUrl)).toBeUndefined()
  })

  test('stands in the list that is read', () => {
    const environment = { HTTP_PROXY: proxy, no_proxy: 'a', NO_PROXY: 'gpu-box.lab' }
    expect(findProxy(environment, http)?.exemption).toEqual({ no_proxy: 'a,gpu-box.lab' })
  })
})
