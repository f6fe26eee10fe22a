// SPDX-License-Identifier: Apache-2.0

interface Host {
  registerProvider(name: string, provider: object): void
}

/** What somebody writes who has a frontend and no package for it: the measure of how Pi behaves without this one. */
// eslint-disable-next-line no-restricted-syntax -- Pi loads an extension by its default export.
export default function registerPlainly(pi: Host): void {
  pi.registerProvider('dynamo', {
    name: 'plain',
    baseUrl: process.env.DYNAMO_BASE_URL,
    apiKey: 'dynamo-local',
    api: 'openai-completions',
    models: [
      {
        id: 'scripted',
        name: 'scripted',
        reasoning: false,
        input: ['text'],
        cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
        contextWindow: 128_000,
        maxTokens: 8192,
        compat: {
          supportsStore: false,
          supportsDeveloperRole: false,
          supportsReasoningEffort: false,
          supportsStrictMode: false,
          supportsLongCacheRetention: false,
          maxTokensField: 'max_tokens',
        },
      },
    ],
  })
}
