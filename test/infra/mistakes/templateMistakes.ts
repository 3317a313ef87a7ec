import type { Mistake } from './mistake.ts'

/** Mistakes that show in the template and not in what it deploys. */
export const TEMPLATE_MISTAKES: readonly Mistake[] = [
  {
    what: 'a module gives out a key',
    file: 'modules/storage.bicep',
    right: 'var sku = {',
    wrong:
      '#disable-next-line outputs-should-not-contain-secrets\noutput key string = hostAccount.listKeys().keys[0].value\n\nvar sku = {',
    finding: /read by a list function/,
  },
  {
    what: 'a parameter is left over',
    file: 'modules/vault.bicep',
    right: 'param recovered string\n',
    wrong: "param recovered string\n\n@description('Left over.')\nparam leftOver string = ''\n",
    finding: /no-unused-params/,
  },
]
