// SPDX-License-Identifier: Apache-2.0
import type { PiModelConfig } from '../pi/host.ts'

/** What somebody says of a model, in place of what Dynamo tells and of the defaults. */
export type ModelSettings = Partial<
  Pick<PiModelConfig, 'name' | 'contextWindow' | 'maxTokens' | 'reasoning' | 'input' | 'cost' | 'compat'>
>

const prices = ['input', 'output', 'cacheRead', 'cacheWrite']
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTokens = (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0
const isPrice = (value: unknown) => typeof value === 'number' && value >= 0

/** What a value has to be, and the words for it. */
const rules: { readonly [Key in keyof Required<ModelSettings>]: readonly [(value: unknown) => boolean, string] } = {
  name: [(value) => typeof value === 'string' && value !== '', 'a text'],
  contextWindow: [isTokens, 'a whole number of tokens'],
  maxTokens: [isTokens, 'a whole number of tokens'],
  reasoning: [(value) => typeof value === 'boolean', 'true or false'],
  input: [
    (value) => Array.isArray(value) && value.length > 0 && value.every((kind) => kind === 'text' || kind === 'image'),
    'a list of text and image',
  ],
  cost: [
    (value) => isObject(value) && prices.every((key) => isPrice(Reflect.get(value, key))),
    'the prices input, output, cacheRead and cacheWrite of a million tokens',
  ],
  compat: [isObject, "Pi's own compat settings"],
}

/**
 * Reads the setting `dynamo.models`.
 *
 * @param report Told the place of what cannot be used, such as `.m.reasoning`, and why; the rest holds.
 */
export function readModelSettings(
  value: unknown,
  report: (setting: string, problem: string) => void,
): Readonly<Record<string, ModelSettings>> {
  if (!isObject(value)) {
    report('', 'is no section of model ids')
    return {}
  }
  return Object.fromEntries(
    Object.entries(value).map(([id, model]: [string, unknown]) => {
      if (!isObject(model)) report(`.${id}`, 'is no section of settings')
      const kept = Object.entries(isObject(model) ? model : {}).filter(([key, given]: [string, unknown]) => {
        const rule = Object.hasOwn(rules, key) ? rules[key as keyof ModelSettings] : undefined
        if (rule === undefined) report(`.${id}.${key}`, `is none of the settings ${Object.keys(rules).join(', ')}`)
        else if (rule[0](given)) return true
        else report(`.${id}.${key}`, `is not ${rule[1]}`)
        return false
      })
      return [id, Object.fromEntries(kept)]
    }),
  )
}
