/** What a person does at a browser, and sees. */
import type { Page } from 'playwright-core'

/** Presses the button of a person, or of a refusal, at Entra. */
export async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: name.length < 10 }).click()
}

/** Signs in from our own page, which is the start page where there is no front end. */
export async function signIn(page: Page, name = 'Ada Lindqvist', ownPage = '/'): Promise<void> {
  await page.goto(ownPage)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await choose(page, name)
  await page.waitForURL((url) => url.pathname === ownPage)
  if (ownPage === '/') await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

/** Waits until the page says whose session it is. */
export const isSignedInAs = (page: Page, name: string): Promise<void> =>
  page.getByText(name, { exact: true }).first().waitFor()
