/** What the host answers at `/` where no function does, whatever the method: its own page, or nothing where that is turned off. */
export interface Homepage {
  readonly status: 200 | 204
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const PAGE =
  '<!DOCTYPE html><html lang="en"><title>Functions</title><p>This Functions app is running.</p></html>'

/** `disableSetting`: the value of AzureWebJobsDisableHomepage. */
export function homepageOf(disableSetting: string | undefined): Homepage {
  return disableSetting?.toLowerCase() === 'true'
    ? { status: 204, headers: {}, body: '' }
    : { status: 200, headers: { 'content-type': 'text/html' }, body: PAGE }
}
