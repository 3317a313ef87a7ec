/** Status, code and inner code of an answer in Key Vault's error shape. */
export async function errorOf(answer: Response): Promise<[number, string, string | undefined]> {
  const { error } = (await answer.json()) as { error: { code: string; innererror?: { code: string } } }
  return [answer.status, error.code, error.innererror?.code]
}
