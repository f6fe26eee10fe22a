// SPDX-License-Identifier: Apache-2.0
/** Compiled by `tsc`, never run: what the types promise to the SDKs that take a fetch. */
import { createDynamoFetch, listModels, type DynamoFetch } from '../src/index.ts'

const dynamoFetch: DynamoFetch = createDynamoFetch()

export const asGlobal: typeof globalThis.fetch = dynamoFetch

/** The option of the OpenAI client. */
export const openAiOptions: { fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response> } = {
  fetch: dynamoFetch,
}

/** The option of AI SDK providers, their FetchFunction. */
export const aiSdkOptions: { fetch?: typeof globalThis.fetch } = { fetch: dynamoFetch }

export const models = listModels({ baseUrl: 'http://127.0.0.1:8000', fetch: dynamoFetch })

export const disposable: AsyncDisposable = dynamoFetch

// @ts-expect-error seconds have no place here
createDynamoFetch({ connectTimeout: 10 })
