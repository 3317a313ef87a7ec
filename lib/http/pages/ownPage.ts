/** Where our own page is, whatever else the site shows. */
export const OWN_PAGE = '/auth'
